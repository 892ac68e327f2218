using Beacon.Api.Tests.Crash;
using Beacon.Api.Tests.Delivery;
using Beacon.Api.Tests.Journal;

namespace Beacon.Api.Tests.Faults;

/// <summary>
/// The real program is killed at random moments of its life, on one folder, while Firehose fails in every way. What it
/// answered 200 must be in the lake: read with Athena, from Parquet.
/// </summary>
public sealed class KillSoakTests : IAsyncLifetime
{
    private static readonly string[] Levels = ["process", "batch", "always"];

    private readonly TempFolder _folder = new();
    private readonly Visitors _visitors = new(6);
    private FirehoseEndpoint _firehose = null!;
    private Random _dice = null!;

    private string Journal => _folder["journal"];

    public async ValueTask InitializeAsync() => _firehose = await FirehoseEndpoint.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _firehose.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public Task Killed_at_random_moments_everything_answered_200_is_in_the_lake() => KillAgainAndAgainAsync(6);

    [Fact, Trait("Category", "Soak")]
    public Task Killed_at_sixty_random_moments_everything_answered_200_is_in_the_lake() => KillAgainAndAgainAsync(60);

    [Fact]
    public Task Killed_at_a_random_call_of_the_kernel_everything_answered_200_arrives() => KillAtCallsAsync(2);

    [Fact, Trait("Category", "Soak")]
    public Task Killed_at_fifty_random_calls_of_the_kernel_everything_answered_200_arrives() => KillAtCallsAsync(50);

    private async Task KillAgainAndAgainAsync(int kills)
    {
        _dice = Seed.Dice();
        Directory.CreateDirectory(Journal);
        await using var lake = await Lake.StartAsync(_folder["cloud"]);
        lake.StandBehind(_firehose);
        _firehose.Script = BadDays.AllMixed(_dice);

        Func<string[], Task>[] moments = [UnderLoadAsync, WhileASegmentIsBegunOrDeletedAsync, DuringTheStartAsync, DuringTheDrainAsync];
        for (var kill = 0; kill < kills; kill++)
        {
            // Each moment comes with each level in turn; the first gives the others something to lose.
            string[] settings = ["--Journal:SegmentSize", "65536", "--Journal:Sync", Levels[kill % Levels.Length], .. BadDays.Impatience];
            await moments[kill % moments.Length](settings);
        }

        await Proof.DrainAsync(Journal, _firehose);

        Proof.AllArrived(_visitors, _firehose, Journal);
        var users = await lake.UsersAsync();
        Proof.AllAcknowledged(_visitors, users.Values);
        Assert.Equal(_firehose.Arrived().Select(e => e.EventId).ToHashSet(), users.Keys.ToHashSet());
    }

    private async Task UnderLoadAsync(string[] settings)
    {
        await using var beacon = await StartAsync(settings);
        await _visitors.VisitAsync(beacon.Url, until: _dice.Next(1, 1000), beacon.KillAsync);
    }

    private async Task WhileASegmentIsBegunOrDeletedAsync(string[] settings)
    {
        await using var beacon = await StartAsync(settings);
        using var changes = new FolderChanges(Journal);
        var change = changes.NextAsync(_dice.Next(1, 12));
        await _visitors.VisitAsync(beacon.Url, until: 1, async () =>
        {
            await change;
            await beacon.KillAsync();
        });
    }

    private async Task DuringTheStartAsync(string[] settings)
    {
        using var changes = new FolderChanges(Journal);
        var change = changes.NextAsync(_dice.Next(1, 8));
        await using var beacon = BeaconProcess.Launch(BeaconProcess.Arguments(Journal, _firehose.Url, settings));
        await Task.WhenAny(change, beacon.ListensAsync());
        await beacon.KillAsync();
    }

    private async Task DuringTheDrainAsync(string[] settings)
    {
        await using var beacon = await StartAsync(settings);
        await _visitors.VisitAsync(beacon.Url, until: _dice.Next(1, 500), async () =>
        {
            var puts = _firehose.Puts.Count + _dice.Next(0, 6);
            beacon.SignalTermination();
            await Task.WhenAny(_firehose.UntilAsync(_ => _firehose.Puts.Count >= puts), beacon.ExitAsync());
            if (!beacon.HasExited)
            {
                await beacon.KillAsync();
            }
        });
    }

    private async Task KillAtCallsAsync(int kills)
    {
        Tracer.SkipUnlessThere();
        _dice = Seed.Dice();
        _firehose.Script = BadDays.AllMixed(_dice);
        for (var kill = 0; kill < kills; kill++)
        {
            // The count is each thread's own; the program also dies at its start when a small number comes up.
            var calls = kill % 2 == 0 ? Tracer.Writes : Tracer.Flushes;
            var at = _dice.Next(1, kill % 2 == 0 ? 120 : 30);
            string[] settings = ["--Journal:SegmentSize", "65536", "--Journal:Sync", Levels[1 + (kill / 2 % 2)], .. BadDays.Impatience];
            await using var beacon = BeaconProcess.Launch(
                BeaconProcess.Arguments(Journal, _firehose.Url, settings),
                under: Tracer.Under("/dev/null", "-e", $"trace={calls}", "-e", $"inject={calls}:signal=KILL:when={at}"));
            if (await beacon.ListensAsync())
            {
                // Whoever is not struck after so many answers is killed as always.
                await _visitors.VisitWhileAsync(beacon.Url, EnoughAnswers(1500));
                await beacon.KillAsync();
            }
        }

        // Something to lose, should every beacon have died at its start.
        await UnderLoadAsync(["--Journal:SegmentSize", "65536"]);
        await Proof.DrainAsync(Journal, _firehose);
        Proof.AllArrived(_visitors, _firehose, Journal);
    }

    private Func<bool> EnoughAnswers(int more)
    {
        var enough = _visitors.Kept + more;
        return () => _visitors.Kept < enough;
    }

    private Task<BeaconProcess> StartAsync(string[] settings) =>
        BeaconProcess.StartAsync(BeaconProcess.Arguments(Journal, _firehose.Url, settings));
}
