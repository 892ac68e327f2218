using Cli.Bench.Load;

namespace Cli.Tests.Bench;

public class PacedLoadTests
{
    [Fact]
    public async Task Every_request_that_is_due_is_sent_and_answered_once()
    {
        await using var pixel = await Demo.RecordingPixel.StartAsync();

        var result = await PacedLoad.RunAsync("the pixel", pixel.Port, connections: 4, rate: 300, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);

        Assert.Equal(300, result.Requests);
        Assert.Equal(300, pixel.Loads.Count);
        Assert.All(pixel.Loads, load => Assert.Equal("aws_user_0123456789", load.Query["userid"]));
        Assert.True(result.Latency.P50 > TimeSpan.Zero && result.Latency.P50 <= result.Latency.P99 && result.Latency.P99 <= result.Latency.Max);
    }

    [Fact]
    public async Task An_answer_that_is_not_200_ends_it()
    {
        await using var pixel = await Demo.RecordingPixel.StartAsync(number => number == 50 ? 503 : 200);

        var failure = await Assert.ThrowsAsync<CommandFailure>(() =>
            PacedLoad.RunAsync("the pixel", pixel.Port, connections: 4, rate: 300, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken));

        Assert.StartsWith("the pixel answered HTTP/1.1 503", failure.Message);
    }

    [Fact]
    public void Percentiles_are_those_of_all_requests_and_a_standstill_is_one_spike()
    {
        // One request a millisecond for 2 s, each answered after 1 ms; the server stands still from 1.0 s to 1.08 s.
        var latencies = Enumerable.Range(0, 2000).Select(number => TimeSpan.FromMilliseconds(number is >= 1000 and < 1080 ? 1080 - number : 1)).ToList();

        var result = PacedResult.Of(1000, latencies, number => TimeSpan.FromMilliseconds(number));

        Assert.Equal(new Latency(Ms(1), Ms(60), Ms(78), Ms(80)), result.Latency);
        Assert.Equal([new Spike(TimeSpan.FromSeconds(1), Ms(80)), new Spike(TimeSpan.Zero, Ms(1))], result.Spikes);

        static TimeSpan Ms(int number) => TimeSpan.FromMilliseconds(number);
    }
}
