using Beacon.Api.Tests.Crash;
using Beacon.Api.Tests.Delivery;
using Beacon.Api.Tests.Journal;

namespace Beacon.Api.Tests.Faults;

/// <summary>The kernel refuses what the real program asks of it, now and then, under load.</summary>
public sealed class FailingCallsTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly Visitors _visitors = new(4);
    private FirehoseEndpoint _firehose = null!;

    private string Journal => _folder["journal"];

    public async ValueTask InitializeAsync() => _firehose = await FirehoseEndpoint.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _firehose.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("batch")]
    [InlineData("always")]
    public Task A_flush_that_fails_is_never_answered_200_and_nothing_that_was_is_lost(string sync) =>
        FailAsync(sync, Tracer.Flushes, "EIO", first: 4, every: 9, refuses: true);

    [Theory]
    [InlineData("EIO")]
    [InlineData("ENOSPC")]
    public Task A_write_that_fails_costs_nothing_that_was_answered_200(string error) =>
        FailAsync("process", "pwrite64,pwritev", error, first: 20, every: 40, refuses: false);

    [Fact]
    public Task Names_that_cannot_be_changed_cost_nothing_that_was_answered_200() =>
        FailAsync("process", "rename,renameat,renameat2,link,linkat,unlink,unlinkat", "EIO", first: 2, every: 3, refuses: false);

    [Fact]
    public async Task A_folder_that_takes_no_names_for_a_while_means_503_at_most_and_service_returns_by_itself()
    {
        using var disk = MountedDisk.InMemory(16);
        var journal = Path.Combine(disk.Path, "journal");
        _firehose.Script = _ => new PutAnswer.HangUp();
        await using (var beacon = await BeaconProcess.StartAsync(BeaconProcess.Arguments(journal, _firehose.Url, "--Journal:SegmentSize", "65536")))
        {
            await _visitors.VisitDuringAsync(beacon.Url, async () =>
            {
                await UntilAsync(beacon, () => _visitors.Kept >= 200);
                MountedDisk.Freeze(journal, frozen: true);
                try
                {
                    await UntilAsync(beacon, () => _visitors.Refused >= 50);
                    _firehose.Script = _ => PutAnswer.Take;
                    await _firehose.UntilAsync(endpoint => endpoint.Taken.Count > 0);
                }
                finally
                {
                    MountedDisk.Freeze(journal, frozen: false);
                }

                var kept = _visitors.Kept;
                await UntilAsync(beacon, () => _visitors.Kept >= kept + 200);
            });
            Assert.Equal(0, await beacon.TerminateAsync());
        }

        await Proof.DrainAsync(journal, _firehose);
        Proof.AllArrived(_visitors, _firehose, journal);
    }

    /// <param name="sync">The level.</param>
    /// <param name="calls">The calls that fail.</param>
    /// <param name="error">With what.</param>
    /// <param name="first">The first that does, in each thread.</param>
    /// <param name="every">And from then on, each so manieth.</param>
    /// <param name="refuses">Whether a visitor must notice.</param>
    private async Task FailAsync(string sync, string calls, string error, int first, int every, bool refuses)
    {
        Tracer.SkipUnlessThere();
        await using (var beacon = await BeaconProcess.StartAsync(
            BeaconProcess.Arguments(Journal, _firehose.Url, "--Journal:SegmentSize", "65536", "--Journal:Sync", sync),
            under: Tracer.Under("/dev/null", "-e", $"trace={calls}", "-e", $"inject={calls}:error={error}:when={first}+{every}")))
        {
            await _visitors.VisitWhileAsync(beacon.Url, () => _visitors.Kept < 600 || (refuses && _visitors.Refused < 5));
            Assert.False(beacon.HasExited, beacon.HasExited ? await beacon.EndAsync() : "");
            await beacon.KillAsync();
        }

        await Proof.DrainAsync(Journal, _firehose);
        Proof.AllAcknowledged(_visitors, _firehose.Arrived().Select(e => e.UserId));
        Assert.Empty(Proof.Damaged(Journal));
    }

    private static async Task UntilAsync(BeaconProcess beacon, Func<bool> condition)
    {
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            Assert.False(beacon.HasExited, beacon.HasExited ? await beacon.EndAsync() : "");
            await often.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
