using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Catalog.Worker.Tests;

/// <summary>Stands before LocalCloud and answers some calls with an error, as AWS does on bad days.</summary>
public sealed class Faults : IStartupFilter
{
    private readonly Lock _lock = new();
    private readonly List<Fault> _faults = [];
    private readonly List<(string Statement, Func<Task> Action)> _before = [];
    private Action<string>? _seen;
    private TaskCompletionSource _killed = new();
    private TaskCompletionSource _letGo = new();
    private int _callsLeft = int.MaxValue;

    /// <summary>How many answers have not been given yet.</summary>
    public int Left
    {
        get
        {
            lock (_lock)
            {
                return _faults.Sum(f => f.Times);
            }
        }
    }

    /// <summary>Answers the next calls of an operation of Glue or Athena, named as in the header <c>X-Amz-Target</c>.</summary>
    public void Answer(string target, int status, string error, int times = 1)
        => Add(new(request => request.Headers["X-Amz-Target"] == target, times, context => WriteJsonAsync(context, status, error)));

    /// <summary>Answers the next calls to S3 that a test describes.</summary>
    public void AnswerS3(Func<HttpRequest, bool> matches, int status, string error, int times = 1)
        => Add(new(matches, times, context => WriteXmlAsync(context, status, error)));

    /// <summary>Does something before LocalCloud gets a statement for Athena that contains a text.</summary>
    public void Before(string statement, Func<Task> action)
    {
        lock (_lock)
        {
            _before.Add((statement, action));
        }
    }

    /// <summary>Fails the next statement for Athena that contains a text.</summary>
    public void Fail(string statement) => Before(statement, () => throw new StatementFault(statement));

    /// <summary>Shows every statement that Athena is asked to run.</summary>
    public void Seen(Action<string> statement)
    {
        lock (_lock)
        {
            _seen = statement;
        }
    }

    /// <summary>Ends the connection of the next call that a test describes, before LocalCloud sees it.</summary>
    public void HangUp(Func<HttpRequest, bool> matches, int times = 1)
        => Add(new(matches, times, context =>
        {
            context.Abort();
            return Task.CompletedTask;
        }));

    /// <summary>
    /// The <paramref name="call"/>th call is done and not answered, and those after it are neither: so it is, for AWS, when
    /// the process that makes them is killed there.
    /// </summary>
    public void KillAfter(int call)
    {
        lock (_lock)
        {
            _callsLeft = call;
            _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Completes when the call of <see cref="KillAfter"/> was made.</summary>
    public Task Killed => _killed.Task;

    /// <summary>Answers calls from now on; those that were not are left without an answer.</summary>
    public void AnswerAgain()
    {
        lock (_lock)
        {
            _callsLeft = int.MaxValue;
        }
    }

    /// <summary>Ends the calls that were left without an answer.</summary>
    public void LetGo()
    {
        AnswerAgain();
        _letGo.TrySetResult();
    }

    private async Task PassAsync(HttpContext context, RequestDelegate pass)
    {
        bool isLast, isKilled;
        Task letGo;
        lock (_lock)
        {
            _callsLeft = _callsLeft == int.MaxValue ? _callsLeft : Math.Max(_callsLeft - 1, -1);
            (isLast, isKilled, letGo) = (_callsLeft == 0, _callsLeft <= 0, _letGo.Task);
        }

        if (isKilled)
        {
            if (isLast)
            {
                context.Response.Body = Stream.Null;
                await pass(context);
            }

            _killed.TrySetResult();
            await letGo;
            context.Abort();
            return;
        }

        try
        {
            await BeforeAsync(context.Request);
        }
        catch (StatementFault refused)
        {
            lock (_lock)
            {
                _before.RemoveAll(b => b.Statement == refused.Statement);
            }

            await WriteJsonAsync(context, 400, "InvalidRequestException");
            return;
        }

        await (Take(context.Request) is { } fault ? fault.Write(context) : pass(context));
    }

    private async Task BeforeAsync(HttpRequest request)
    {
        List<(string Statement, Func<Task> Action)> before;
        Action<string>? seen;
        lock (_lock)
        {
            (before, seen) = ([.. _before], _seen);
        }

        if ((before.Count == 0 && seen is null) || request.Headers["X-Amz-Target"] != "AmazonAthena.StartQueryExecution")
        {
            return;
        }

        request.EnableBuffering();
        using var reader = new StreamReader(request.Body, leaveOpen: true);
        var body = JsonDocument.Parse(await reader.ReadToEndAsync());
        request.Body.Position = 0;
        var sql = body.RootElement.GetProperty("QueryString").GetString()!;
        seen?.Invoke(sql);
        foreach (var (_, action) in before.Where(b => sql.Contains(b.Statement, StringComparison.Ordinal)))
        {
            await action();
        }
    }

    /// <summary>A statement that Athena does not take, once.</summary>
    private sealed class StatementFault(string statement) : Exception
    {
        public string Statement => statement;
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((HttpContext context, RequestDelegate pass) => PassAsync(context, pass));
        next(app);
    };

    private void Add(Fault fault)
    {
        lock (_lock)
        {
            _faults.Add(fault);
        }
    }

    private Fault? Take(HttpRequest request)
    {
        lock (_lock)
        {
            var fault = _faults.Find(f => f.Times > 0 && f.Matches(request));
            if (fault is not null)
            {
                fault.Times--;
            }

            return fault;
        }
    }

    private static Task WriteJsonAsync(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/x-amz-json-1.1";
        context.Response.Headers["x-amzn-ErrorType"] = error;
        return context.Response.WriteAsync($$"""{"__type":"{{error}}","message":"A test wants it."}""");
    }

    private static Task WriteXmlAsync(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync($"<Error><Code>{error}</Code><Message>A test wants it.</Message></Error>");
    }

    private sealed class Fault(Func<HttpRequest, bool> matches, int times, Func<HttpContext, Task> write)
    {
        public Func<HttpRequest, bool> Matches { get; } = matches;

        public int Times { get; set; } = times;

        public Func<HttpContext, Task> Write { get; } = write;
    }
}
