using System.Net;
using Beacon.Api.Tests.Delivery;
using Cli.Demo;

namespace Cli.Tests.Demo;

public class DemoTests
{
    [Fact]
    public async Task It_sends_as_many_as_asked_and_counts_the_answers()
    {
        await using var pixel = await RecordingPixel.StartAsync();

        var run = await CommandRun.OfAsync("demo", "--events", "300", "--seed", "4", "--port", $"{pixel.Port}");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^300 sent in .*: 300 answered 200, 0 otherwise$", run.Lines[0]);
        Assert.Contains("dotnet pixel.cs query", run.Out);
        Assert.Equal(300, pixel.Loads.Select(load => load.Query["cb"]).Distinct().Count());
    }

    [Fact]
    public async Task What_was_not_kept_is_counted_apart_and_fails()
    {
        await using var pixel = await RecordingPixel.StartAsync(number => number % 3 == 0 ? 503 : 200);

        var run = await CommandRun.OfAsync("demo", "--events", "90", "--port", $"{pixel.Port}");

        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith("60 answered 200, 30 otherwise", run.Lines[0]);
        Assert.Equal("  30 answered 503 ServiceUnavailable", run.Lines[1]);
    }

    [Fact]
    public async Task Headers_and_parameters_arrive_as_they_were_made_up()
    {
        await using var pixel = await RecordingPixel.StartAsync();
        var requests = new Traffic(9, 200).Requests().ToDictionary(request => request.Id);

        await new PixelSender(pixel.Address, TimeProvider.System).SendAsync(requests.Values, null, null, TestContext.Current.CancellationToken);

        Assert.Equal(requests.Count, pixel.Loads.Count);
        Assert.All(pixel.Loads, load =>
        {
            var sent = requests[load.Query["cb"]];
            Assert.All(sent.Headers, header => Assert.Equal(header.Value, load.Headers[header.Key]));
            Assert.Equal(sent.Query.Split('&').Select(part => Uri.UnescapeDataString(part.Split('=')[1])), load.Query.Values);
        });
    }

    [Fact]
    public async Task It_gives_up_when_the_pixel_has_gone_and_says_how_many_were_not_sent()
    {
        var pixel = await RecordingPixel.StartAsync();
        var answered = 0;
        var summary = await new PixelSender(pixel.Address, TimeProvider.System).SendAsync(new Traffic(1, 100_000).Requests(), null, (request, status) =>
        {
            if (status == HttpStatusCode.OK && Interlocked.Increment(ref answered) == 100)
            {
                _ = pixel.DisposeAsync().AsTask();
            }
        }, TestContext.Current.CancellationToken);

        Assert.Equal(answered, summary.Kept);
        Assert.InRange(summary.Kept + summary.Other, 100, 99_999);
        Assert.True(summary.Unanswered > 0);
    }

    [Fact]
    public async Task A_rate_is_kept_by_the_clock()
    {
        await using var pixel = await RecordingPixel.StartAsync();
        var clock = new ObservedTime();
        var answers = new SemaphoreSlim(0);
        var sending = new PixelSender(pixel.Address, clock).SendAsync(new Traffic(2, 3).Requests(), rate: 0.5, (_, _) => answers.Release(), TestContext.Current.CancellationToken);

        await answers.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Single(pixel.Loads);

        for (var sent = 2; sent <= 3; sent++)
        {
            Assert.Equal(TimeSpan.FromSeconds(2), await clock.NextWaitAsync(_ => true));
            clock.Advance(TimeSpan.FromSeconds(2));
            await answers.WaitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(sent, pixel.Loads.Count);
        }

        Assert.Equal(3, (await sending).Kept);
    }
}
