using System.Text.Json;
using Cli.Bench;

namespace Cli.Tests.Bench;

public class DeliveryBenchTests
{
    [Fact]
    public async Task A_backlog_made_while_the_sink_is_down_arrives_while_the_front_is_loaded()
    {
        try
        {
            Tools.Find(withNginx: false);
        }
        catch (CommandFailure missing)
        {
            Assert.Skip(missing.Message);
        }

        var run = await CommandRun.OfAsync("bench", "delivery", "--seconds", "1", "--events", "500", "--connections", "8", "--json");

        Assert.True(run.ExitCode == 0, run.Error);
        using var json = JsonDocument.Parse(run.Out);
        var drained = json.RootElement.GetProperty("drained");
        var events = drained.GetProperty("events").GetInt64();
        Assert.Equal(events, drained.GetProperty("before").EnumerateArray().Sum(slice => slice.GetProperty("answered").GetInt64()));
        Assert.Equal(events, drained.GetProperty("before").EnumerateArray().Last().GetProperty("backlog").GetInt64());
        Assert.True(drained.GetProperty("during").EnumerateArray().Sum(slice => slice.GetProperty("delivered").GetInt64()) >= events);
        Assert.True(json.RootElement.GetProperty("keepingUp").GetProperty("slices").EnumerateArray().Sum(slice => slice.GetProperty("answered").GetInt64()) > 0);
    }

    [Fact]
    public async Task Events_of_many_lengths_are_packed_and_none_is_missing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the benchmarks run on Linux alone");

        var run = await CommandRun.OfAsync("bench", "packing", "--seconds", "2", "--json");

        Assert.True(run.ExitCode == 0, run.Error);
        using var json = JsonDocument.Parse(run.Out);
        Assert.All(json.RootElement.GetProperty("packed").EnumerateArray(), packed =>
        {
            Assert.True(packed.GetProperty("tally").GetProperty("different").GetInt64() >= 2 * packed.GetProperty("rate").GetInt32());
            Assert.True(packed.GetProperty("wasted").GetDouble() < packed.GetProperty("wastedAlone").GetDouble());
        });
    }
}
