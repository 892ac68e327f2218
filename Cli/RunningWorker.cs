using System.CommandLine;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Cli;

/// <summary>The catalog worker that <c>dotnet pixel.cs up</c> runs on this machine, as the commands reach it.</summary>
public sealed class RunningWorker(Uri address) : IDisposable
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The option that says where it is.</summary>
    public static Option<int> Port() => new("--worker-port")
    {
        Description = "The port of the catalog's jobs on this machine",
        DefaultValueFactory = _ => 8082,
    };

    /// <summary>The worker at a port, which answers.</summary>
    /// <exception cref="CommandFailure">Nothing listens there.</exception>
    public static async Task<RunningWorker> AtAsync(int port, CancellationToken cancel)
    {
        var address = new Uri($"http://127.0.0.1:{port}");
        await RunningSystem.MustAnswerAsync(address, cancel);
        return new(address);
    }

    /// <summary>Runs a job now; when it is running already, waits and runs it again, since that run may have looked before.</summary>
    /// <exception cref="CommandFailure">It failed.</exception>
    public async Task<JsonDocument> RunAsync(string job, CancellationToken cancel)
    {
        while (true)
        {
            var (status, body) = await SendAsync(HttpMethod.Post, $"jobs/{job}", null, cancel);
            if (status != HttpStatusCode.Conflict)
            {
                return Read(status, body, $"jobs/{job}");
            }

            await Task.Delay(AskAgain, TimeProvider.System, cancel);
        }
    }

    /// <summary>Posts a document.</summary>
    /// <exception cref="CommandFailure">The worker refused it.</exception>
    public async Task<JsonDocument> PostAsync(string path, string json, CancellationToken cancel)
    {
        var (status, body) = await SendAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"), cancel);
        return Read(status, body, path);
    }

    /// <summary>Gets a document.</summary>
    /// <exception cref="CommandFailure">There is none, or the worker refused.</exception>
    public async Task<JsonDocument> GetAsync(string path, CancellationToken cancel)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, path, null, cancel);
        return Read(status, body, path);
    }

    /// <summary>What there is to say of the places that the worker did not search.</summary>
    public static string NotSearched(IEnumerable<string?> places)
        => $"Not searched, because this worker has no way to it: {string.Join(", ", places.Select(p => p switch { "deadLetters" => "what the beacon put aside", "queue" => "the beacon's queue, if it has one", _ => p }))}.";

    public void Dispose() => _http.Dispose();

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = content };
            using var answer = await _http.SendAsync(request, cancel);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancel));
        }
        catch (HttpRequestException error)
        {
            throw new CommandFailure($"{address} did not answer: {error.Message}", error);
        }
    }

    private JsonDocument Read(HttpStatusCode status, string body, string path)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException error)
        {
            throw new CommandFailure($"{new Uri(address, path)} answered {(int)status}: {body}", error);
        }

        if ((int)status is >= 200 and < 300)
        {
            return document;
        }

        using (document)
        {
            throw new CommandFailure(document.RootElement.TryGetProperty("error", out var error) && error.GetString() is { } sentence
                ? sentence
                : $"{new Uri(address, path)} answered {(int)status}: {body}");
        }
    }
}
