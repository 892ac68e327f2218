using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Catalog.Worker.Tests;

/// <summary>Stands before LocalCloud and answers some calls with an error, as AWS does on bad days.</summary>
public sealed class Faults : IStartupFilter
{
    private readonly Lock _lock = new();
    private readonly List<Fault> _faults = [];

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

    /// <summary>Ends the connection of the next call that a test describes, before LocalCloud sees it.</summary>
    public void HangUp(Func<HttpRequest, bool> matches, int times = 1)
        => Add(new(matches, times, context =>
        {
            context.Abort();
            return Task.CompletedTask;
        }));

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((HttpContext context, RequestDelegate pass) => Take(context.Request) is { } fault ? fault.Write(context) : pass(context));
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
