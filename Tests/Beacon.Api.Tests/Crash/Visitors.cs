using System.Collections.Concurrent;
using System.Net;

namespace Beacon.Api.Tests.Crash;

/// <summary>Visitors that ask for the pixel over several connections, and remember which requests were answered 200.</summary>
internal sealed class Visitors(int connections)
{
    private readonly ConcurrentDictionary<string, bool> _acknowledged = new();
    private readonly ConcurrentDictionary<string, bool> _reasons = new();
    private int _sent;
    private int _kept;
    private int _refused;

    /// <summary>The user ids of the requests that were answered 200.</summary>
    public IReadOnlyCollection<string> Acknowledged => [.. _acknowledged.Keys];

    /// <summary>How many requests were answered 503. Every answer of another status than 200 and 503 fails the test.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>How many requests were answered 200.</summary>
    public int Kept => Volatile.Read(ref _kept);

    /// <summary>The reasons that refusals named, of a beacon with <c>Beacon:ExplainDrops</c>.</summary>
    public IReadOnlyCollection<string> Reasons => [.. _reasons.Keys];

    /// <summary>Loads the beacon until it stops answering, and has <paramref name="enough"/> done when so many more were answered 200.</summary>
    public async Task VisitAsync(Uri beacon, int until, Func<Task> enough)
    {
        var wanted = Kept + until;
        Task? then = null;
        var gate = new Lock();
        await VisitWhileAsync(beacon, () =>
        {
            lock (gate)
            {
                then ??= Kept >= wanted ? enough() : null;
                return then is not { IsCompleted: true };
            }
        });
        Assert.True(then is not null, $"The beacon was gone after {until - (wanted - Kept)} of {until} answers.");
        await then;
    }

    /// <summary>Loads the beacon for as long as a task runs, or until the beacon stops answering.</summary>
    public async Task VisitDuringAsync(Uri beacon, Func<Task> story)
    {
        using var over = new CancellationTokenSource();
        var load = VisitWhileAsync(beacon, () => !over.IsCancellationRequested);
        try
        {
            await story();
        }
        finally
        {
            await over.CancelAsync();
            await load;
        }
    }

    /// <summary>Loads the beacon for as long as the next answer is asked for, or until it stops answering.</summary>
    public async Task VisitWhileAsync(Uri beacon, Func<bool> goOn)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections }) { BaseAddress = beacon };
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            while (goOn())
            {
                var user = $"user-{Interlocked.Increment(ref _sent)}";
                try
                {
                    await VisitAsync(client, user);
                }
                catch (HttpRequestException)
                {
                    return; // it is gone: whether this one was kept, nobody promised
                }
            }
        })));
    }

    private async Task VisitAsync(HttpClient client, string user)
    {
        using var response = await client.GetAsync($"/trackingpixel?userid={user}&thirdpartyname=example.com");
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                await Pixels.AssertPixelAsync(response, 200);
                _acknowledged[user] = true;
                Interlocked.Increment(ref _kept);
                break;

            default:
                await Pixels.AssertPixelAsync(response, 503);
                Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero, "A refusal says when to come again.");
                foreach (var reason in response.Headers.TryGetValues("x-pixel-dropped", out var reasons) ? reasons : [])
                {
                    _reasons[reason] = true;
                }

                Interlocked.Increment(ref _refused);
                break;
        }
    }
}
