using Beacon.Api.Tests.Crash;
using Beacon.Api.Tests.Delivery;

namespace Beacon.Api.Tests.Faults;

/// <summary>
/// The disk under the real program loses its power at a random moment under load: what no flush has brought to it is gone.
/// </summary>
public sealed class PowerCutSoakTests : IAsyncLifetime
{
    private readonly Visitors _visitors = new(6);
    private readonly HashSet<string> _promised = []; // answered 200 before a cut
    private FirehoseEndpoint _firehose = null!;

    public async ValueTask InitializeAsync() => _firehose = await FirehoseEndpoint.StartAsync();

    public ValueTask DisposeAsync() => _firehose.DisposeAsync();

    [Theory]
    [InlineData("batch")]
    [InlineData("always")]
    public Task A_power_cut_loses_nothing_that_was_answered_200_after_a_flush(string sync) => CutAgainAndAgainAsync(sync, 1);

    [Theory, Trait("Category", "Soak")]
    [InlineData("batch")]
    [InlineData("always")]
    public Task Many_power_cuts_lose_nothing_that_was_answered_200_after_a_flush(string sync) => CutAgainAndAgainAsync(sync, 30);

    /// <remarks>What the option says, and the proof that the cut of the tests above is one.</remarks>
    [Fact]
    public async Task A_power_cut_takes_what_Sync_process_answered_200_as_the_option_says()
    {
        using var disk = MountedDisk.Ext4(32);
        await CutAsync(disk, "process", answers: 200);
        await Proof.DrainAsync(Journal(disk), _firehose);

        Assert.True(_promised.Count - _firehose.Arrived().Count(e => _promised.Contains(e.UserId)) > 100);
    }

    private static string Journal(MountedDisk disk) => Path.Combine(disk.Path, "journal");

    private async Task CutAgainAndAgainAsync(string sync, int times)
    {
        var dice = Seed.Dice();
        using var disk = MountedDisk.Ext4(32);
        for (var time = 0; time < times; time++)
        {
            await CutAsync(disk, sync, dice.Next(1, 400));
        }

        await Proof.DrainAsync(Journal(disk), _firehose);
        var lost = _promised.Except(_firehose.Arrived().Select(e => e.UserId)).ToList();
        Assert.True(lost.Count == 0, $"{lost.Count} of {_promised.Count} events are lost that were answered 200 before a cut: {string.Join(", ", lost.Take(20))}");
        Assert.Empty(Proof.Damaged(Journal(disk)));
    }

    private async Task CutAsync(MountedDisk disk, string sync, int answers)
    {
        // Nothing is delivered before the cut, so that nothing but the disk can have it.
        _firehose.Script = _ => new PutAnswer.HangUp();
        var former = _visitors.Acknowledged; // among them what was answered after a former cut
        await using (var beacon = await BeaconProcess.StartAsync(
            BeaconProcess.Arguments(Journal(disk), _firehose.Url, "--Journal:SegmentSize", "262144", "--Journal:Sync", sync)))
        {
            await _visitors.VisitAsync(beacon.Url, until: answers, async () =>
            {
                // Without power nobody is answered. Here the process lives on for a moment, and the kernel may call the flush that
                // is under way a success although the disk is shut down: an answer of then is not one.
                _promised.UnionWith(_visitors.Acknowledged.Except(former));
                disk.CutPower();
                await beacon.KillAsync();
            });
        }

        disk.Restart();
    }
}
