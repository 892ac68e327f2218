using System.Net;
using Beacon.Api.Tests.Crash;
using Beacon.Api.Tests.Delivery;

namespace Beacon.Api.Tests.Faults;

/// <summary>
/// The real program on a small disk that others fill and empty again. A mapped page that the file system cannot back would
/// end the process, uncatchably; a refusal is all that may come of it.
/// </summary>
public sealed class FullDiskSoakTests : IAsyncLifetime
{
    private const int Segment = 256 << 10;
    private const int Page = 4096;

    private readonly Visitors _visitors = new(6);
    private FirehoseEndpoint _firehose = null!;

    public async ValueTask InitializeAsync() => _firehose = await FirehoseEndpoint.StartAsync();

    public ValueTask DisposeAsync() => _firehose.DisposeAsync();

    [Theory]
    [InlineData("process", 3)]
    [InlineData("batch", 1)]
    public Task A_disk_that_others_fill_at_random_moments_means_503_and_service_returns_by_itself(string sync, int times) => FillAtRandomAsync(sync, times);

    [Theory, Trait("Category", "Soak")]
    [InlineData("process", 60)]
    [InlineData("batch", 30)]
    [InlineData("always", 30)]
    public Task A_disk_that_others_fill_at_many_random_moments_means_503_and_service_returns_by_itself(string sync, int times) => FillAtRandomAsync(sync, times);

    [Fact]
    public Task A_disk_that_has_only_some_pages_left_for_the_next_segment_means_503_never_the_end() =>
        LeaveSomePagesAsync([0, 1, 31, 63, 64]);

    [Fact, Trait("Category", "Soak")]
    public Task A_disk_that_has_any_number_of_pages_left_for_the_next_segment_means_503_never_the_end() =>
        LeaveSomePagesAsync([.. Enumerable.Range(0, (2 * Segment / Page) + 2)]);

    [Fact]
    public Task A_disk_that_fills_up_while_a_segment_is_begun_means_503_never_the_end() => FillWhileASegmentIsBegunAsync(5);

    [Fact, Trait("Category", "Soak")]
    public Task A_disk_that_fills_up_again_and_again_while_a_segment_is_begun_means_503_never_the_end() => FillWhileASegmentIsBegunAsync(100);

    [Fact]
    public async Task A_beacon_that_is_killed_on_a_full_disk_starts_on_it_and_delivers_what_it_has()
    {
        using var disk = MountedDisk.InMemory(4);
        _firehose.Script = _ => new PutAnswer.Refuse(503, "ServiceUnavailableException");
        await using (var beacon = await StartAsync(disk))
        {
            await _visitors.VisitWhileAsync(beacon.Url, () => _visitors.Refused < 50);
            await beacon.KillAsync();
        }

        disk.Fill();
        Assert.NotEqual(0, _visitors.Kept);
        await Proof.DrainAsync(Journal(disk), _firehose);
        Proof.AllArrived(_visitors, _firehose, Journal(disk));
    }

    private static string Journal(MountedDisk disk) => Path.Combine(disk.Path, "journal");

    private async Task FillAtRandomAsync(string sync, int times)
    {
        using var disk = MountedDisk.InMemory(6);
        var dice = Seed.Dice();
        await using (var beacon = await StartAsync(disk, "--Journal:Sync", sync))
        {
            await _visitors.VisitDuringAsync(beacon.Url, async () =>
            {
                for (var time = 0; time < times; time++)
                {
                    await KeptAsync(beacon, dice.Next(1, 800));

                    // With Firehose away nothing is freed, so the disk must become full; with it there, it may or may not.
                    _firehose.Script = time % 2 == 0 ? _ => new PutAnswer.HangUp() : _ => PutAnswer.Take;
                    disk.Fill();
                    if (time % 2 == 0)
                    {
                        await RefusedAsync(beacon, 20);
                        await ReadyBecomesAsync(beacon, HttpStatusCode.ServiceUnavailable);
                    }
                    else
                    {
                        await AnsweredAsync(beacon, 1000);
                    }

                    disk.Empty();
                    _firehose.Script = _ => PutAnswer.Take;
                    await KeptAsync(beacon, 200);
                    await ReadyBecomesAsync(beacon, HttpStatusCode.OK);
                }
            });
            Assert.Equal(0, await beacon.TerminateAsync());
        }

        await AssertNothingIsLostAsync(disk);
    }

    private async Task LeaveSomePagesAsync(int[] pages)
    {
        using var disk = MountedDisk.InMemory(6);
        await using (var beacon = await StartAsync(disk))
        {
            await _visitors.VisitDuringAsync(beacon.Url, async () =>
            {
                foreach (var left in pages)
                {
                    await KeptAsync(beacon, 50);
                    _firehose.Script = _ => new PutAnswer.HangUp();
                    disk.Fill(leave: (long)left * Page);
                    await RefusedAsync(beacon, 20);

                    disk.Empty();
                    _firehose.Script = _ => PutAnswer.Take;
                }

                await KeptAsync(beacon, 50);
            });
            Assert.Equal(0, await beacon.TerminateAsync());
        }

        await AssertNothingIsLostAsync(disk);
    }

    private async Task FillWhileASegmentIsBegunAsync(int times)
    {
        using var disk = MountedDisk.InMemory(6);
        Directory.CreateDirectory(Journal(disk));
        await using (var beacon = await StartAsync(disk))
        {
            using var changes = new FolderChanges(Journal(disk));
            await _visitors.VisitDuringAsync(beacon.Url, async () =>
            {
                for (var time = 0; time < times; time++)
                {
                    _firehose.Script = _ => new PutAnswer.HangUp();
                    // Who comes late finds the disk full of segments: then nothing changes any more.
                    await Task.WhenAny(changes.NextAsync(), RefusedAsync(beacon, 20));
                    disk.Fill();
                    await RefusedAsync(beacon, 20);

                    disk.Empty();
                    _firehose.Script = _ => PutAnswer.Take;
                    await KeptAsync(beacon, 200);
                }
            });
            Assert.Equal(0, await beacon.TerminateAsync());
        }

        await AssertNothingIsLostAsync(disk);
    }

    private async Task AssertNothingIsLostAsync(MountedDisk disk)
    {
        await Proof.DrainAsync(Journal(disk), _firehose);
        Assert.Equal(["journal_full"], _visitors.Reasons);
        Proof.AllArrived(_visitors, _firehose, Journal(disk));
    }

    private Task KeptAsync(BeaconProcess beacon, int more) => UntilAsync(beacon, () => _visitors.Kept, more);

    private Task RefusedAsync(BeaconProcess beacon, int more) => UntilAsync(beacon, () => _visitors.Refused, more);

    private Task AnsweredAsync(BeaconProcess beacon, int more) => UntilAsync(beacon, () => _visitors.Refused + _visitors.Kept, more);

    /// <summary>Waits for so many more answers, and fails when the beacon does not live to give them.</summary>
    private static async Task UntilAsync(BeaconProcess beacon, Func<int> count, int more)
    {
        var wanted = count() + more;
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (count() < wanted)
        {
            Assert.False(beacon.HasExited, beacon.HasExited ? $"The beacon ended with {await beacon.ExitAsync()}: {await beacon.EndAsync()}" : "");
            await often.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task ReadyBecomesAsync(BeaconProcess beacon, HttpStatusCode status)
    {
        using var client = new HttpClient { BaseAddress = beacon.Url };
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            using var response = await client.GetAsync("/ready");
            if (response.StatusCode == status)
            {
                return;
            }

            await often.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private Task<BeaconProcess> StartAsync(MountedDisk disk, params string[] settings) => BeaconProcess.StartAsync(BeaconProcess.Arguments(
        Journal(disk), _firehose.Url, ["--Journal:SegmentSize", $"{Segment}", "--Beacon:ExplainDrops", "true", "--Delivery:RetryBase", "00:00:00.010", "--Delivery:RetryCap", "00:00:00.100", .. settings]));
}
