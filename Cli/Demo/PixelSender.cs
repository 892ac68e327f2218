using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;

namespace Cli.Demo;

/// <summary>What became of what was sent.</summary>
/// <param name="Answers">How many requests each status answered.</param>
/// <param name="Unanswered">How many got no answer: refused, reset or timed out.</param>
/// <param name="Duration">From the first request to the last answer.</param>
public sealed record SendSummary(IReadOnlyDictionary<HttpStatusCode, int> Answers, int Unanswered, TimeSpan Duration)
{
    /// <summary>Requests answered 200: the promise that their event is kept.</summary>
    public int Kept => Answers.GetValueOrDefault(HttpStatusCode.OK);

    /// <summary>All others.</summary>
    public int Other => Answers.Values.Sum() + Unanswered - Kept;
}

/// <summary>
/// Loads the pixel over real HTTP, a bounded number of requests at a time. It sends each request once, as an
/// image on a page would, and gives up when nothing has answered for a while.
/// </summary>
/// <param name="target">The pixel's address, without a query.</param>
/// <param name="time">The clock that a rate is measured against.</param>
public sealed class PixelSender(Uri target, TimeProvider time)
{
    // About as many connections as a handful of browsers hold open to one host.
    private const int Concurrency = 32;

    // So many failures in a row, over all connections, mean that the beacon has gone.
    private const int Patience = 4 * Concurrency;

    private int _failuresInARow;

    /// <summary>Sends them all, at most <paramref name="rate"/> a second (null: as fast as they are answered).</summary>
    /// <param name="requests">What to send, in order; only the answers may overtake each other.</param>
    /// <param name="rate">Requests a second.</param>
    /// <param name="answered">Called for every answer, from several threads at once.</param>
    /// <param name="cancel">Stops sending.</param>
    public async Task<SendSummary> SendAsync(IEnumerable<PixelRequest> requests, double? rate, Action<PixelRequest, HttpStatusCode?>? answered, CancellationToken cancel)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = Concurrency, UseCookies = false, UseProxy = !target.IsLoopback, AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
        var answers = new ConcurrentDictionary<HttpStatusCode, int>();
        var unanswered = 0;
        var started = time.GetTimestamp();
        await Parallel.ForEachAsync(Paced(requests, rate, cancel), new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancel }, async (request, token) =>
        {
            var status = await SendOneAsync(http, request, token);
            if (status is { } known)
            {
                Volatile.Write(ref _failuresInARow, 0);
                answers.AddOrUpdate(known, 1, (_, count) => count + 1);
            }
            else
            {
                Interlocked.Increment(ref _failuresInARow);
                Interlocked.Increment(ref unanswered);
            }

            answered?.Invoke(request, status);
        });
        return new(answers, unanswered, time.GetElapsedTime(started));
    }

    private async Task<HttpStatusCode?> SendOneAsync(HttpClient http, PixelRequest request, CancellationToken cancel)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(target) { Query = request.Query }.Uri);
        message.Headers.TryAddWithoutValidation("Accept", "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8");
        foreach (var (name, value) in request.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            // The image is read to its end: only then has the browser been answered.
            using var answer = await http.SendAsync(message, HttpCompletionOption.ResponseContentRead, cancel);
            return answer.StatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    private async IAsyncEnumerable<PixelRequest> Paced(IEnumerable<PixelRequest> requests, double? rate, [EnumeratorCancellation] CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var number = 0;
        foreach (var request in requests)
        {
            if (Volatile.Read(ref _failuresInARow) >= Patience)
            {
                yield break;
            }

            if (rate is { } perSecond && TimeSpan.FromSeconds(number++ / perSecond) - time.GetElapsedTime(started) is var early && early > TimeSpan.Zero)
            {
                await Task.Delay(early, time, cancel);
            }

            yield return request;
        }
    }
}
