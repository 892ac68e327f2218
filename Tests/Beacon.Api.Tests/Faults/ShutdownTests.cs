using Beacon.Api.Tests.Crash;
using Beacon.Api.Tests.Delivery;
using Beacon.Api.Tests.Journal;

namespace Beacon.Api.Tests.Faults;

/// <summary>The real program is told to end while it drains, several of them want one folder, and the clock jumps back.</summary>
public sealed class ShutdownTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly Visitors _visitors = new(6);
    private FirehoseEndpoint _firehose = null!;

    public async ValueTask InitializeAsync() => _firehose = await FirehoseEndpoint.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _firehose.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Terminated_while_firehose_is_away_it_leaves_the_rest_after_DrainTimeout_for_the_next_start()
    {
        _firehose.Script = _ => BadDays.Hang;
        await using (var beacon = await StartAsync("--Delivery:DrainTimeout", "00:00:00.500"))
        {
            await _visitors.VisitAsync(beacon.Url, until: 200, async () => Assert.Equal(0, await beacon.TerminateAsync()));
        }

        Assert.Empty(_firehose.Taken);
        await AssertNothingIsLostAsync();
    }

    [Fact]
    public async Task Terminated_again_during_the_drain_it_drains_to_the_end()
    {
        var release = new TaskCompletionSource();
        _firehose.Script = put => put.Number == 1 ? PutAnswer.Take : new PutAnswer.TakeAfter(release.Task);
        await using (var beacon = await StartAsync("--Delivery:DrainTimeout", "00:10:00"))
        {
            await _visitors.VisitAsync(beacon.Url, until: 500, async () =>
            {
                beacon.SignalTermination();
                await _firehose.UntilAsync(endpoint => endpoint.Puts.Count >= 2);
                beacon.SignalTermination();
                release.SetResult();
                Assert.Equal(0, await beacon.ExitAsync());
            });
        }

        Proof.AllArrived(_visitors, _firehose, _folder.Path);
    }

    [Fact]
    public async Task Killed_during_the_drain_it_loses_nothing()
    {
        _firehose.Script = put => put.Number == 1 ? PutAnswer.Take : BadDays.Hang;
        await using (var beacon = await StartAsync("--Delivery:DrainTimeout", "00:10:00"))
        {
            await _visitors.VisitAsync(beacon.Url, until: 500, async () =>
            {
                beacon.SignalTermination();
                await _firehose.UntilAsync(endpoint => endpoint.Puts.Count >= 2);
                await beacon.KillAsync();
            });
        }

        await AssertNothingIsLostAsync();
    }

    [Fact]
    public async Task Of_many_processes_on_one_folder_one_works_and_each_other_ends_with_a_sentence()
    {
        var beacons = Enumerable.Range(0, 3).Select(_ => BeaconProcess.Launch(BeaconProcess.Arguments(_folder.Path, _firehose.Url))).ToList();
        try
        {
            var listens = await Task.WhenAll(beacons.Select(beacon => beacon.ListensAsync()));
            var winner = beacons[Array.IndexOf(listens, true)];
            foreach (var loser in beacons.Where(beacon => beacon != winner))
            {
                Assert.Equal(1, await loser.ExitAsync());
                Assert.Contains("is in use by another beacon", await loser.EndAsync(), StringComparison.Ordinal);
            }

            await _visitors.VisitAsync(winner.Url, until: 200, winner.KillAsync);
        }
        finally
        {
            foreach (var beacon in beacons)
            {
                await beacon.DisposeAsync();
            }
        }

        // A killed owner leaves its lock file, and no lock.
        await AssertNothingIsLostAsync();
    }

    [Fact]
    public async Task With_the_clock_jumping_back_a_day_between_and_within_runs_it_loses_nothing()
    {
        const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
        Assert.SkipUnless(File.Exists(Library), "Setting a process's clock needs libfaketime.");
        _firehose.Script = put => put.Number % 2 == 0 ? new PutAnswer.HangUp() : PutAnswer.Take;
        var clock = _folder["clock"];
        foreach (var (from, to) in new[] { ("+0d", "-1d"), ("-2d", "-400d") })
        {
            await File.WriteAllTextAsync(clock, from);
            await using var beacon = await BeaconProcess.StartAsync(
                BeaconProcess.Arguments(_folder["journal"], _firehose.Url, "--Journal:SegmentSize", "65536"),
                shell: $"export LD_PRELOAD={Library} FAKETIME_TIMESTAMP_FILE={clock} FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1");
            await _visitors.VisitAsync(beacon.Url, until: 200, () => File.WriteAllTextAsync(clock, to));
            await _visitors.VisitAsync(beacon.Url, until: 200, beacon.KillAsync);
        }

        await Proof.DrainAsync(_folder["journal"], _firehose);
        Proof.AllArrived(_visitors, _firehose, _folder["journal"]);
        var days = _firehose.Taken.SelectMany(Put.Ids).Select(id => Convert.ToInt64(id[..8], 16)).ToList();
        Assert.True(days.Max() - days.Min() > 399 * 24 * 3600 / 65.536, "The clock did not jump.");
    }

    private async Task AssertNothingIsLostAsync()
    {
        await Proof.DrainAsync(_folder.Path, _firehose);
        Proof.AllArrived(_visitors, _firehose, _folder.Path);
    }

    private Task<BeaconProcess> StartAsync(params string[] settings) =>
        BeaconProcess.StartAsync(BeaconProcess.Arguments(_folder.Path, _firehose.Url, settings));
}
