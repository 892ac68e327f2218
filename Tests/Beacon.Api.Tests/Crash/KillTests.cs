using System.Text.Json;
using Beacon.Api.Journal;
using Beacon.Api.Tests.Delivery;
using Beacon.Api.Tests.Journal;

namespace Beacon.Api.Tests.Crash;

/// <summary>The real program is killed in the middle of its work; what it answered 200 must arrive.</summary>
public sealed class KillTests : IAsyncLifetime
{
    private const int Connections = 6;

    private readonly TempFolder _folder = new();
    private FirehoseEndpoint _firehose = null!;

    public async ValueTask InitializeAsync() => _firehose = await FirehoseEndpoint.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _firehose.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("process", 4)]
    [InlineData("batch", 1)]
    [InlineData("always", 1)]
    public async Task Killed_again_and_again_under_load_it_delivers_everything_it_answered_200(string sync, int kills)
    {
        var random = new Random(20261123);
        var visitors = new Visitors(Connections);
        _firehose.Script = put => (put.Number % 5) switch
        {
            1 => new PutAnswer.Refuse(503, "ServiceUnavailableException"),
            3 => new PutAnswer.TakeAllBut([0], "ServiceUnavailableException"),
            4 => new PutAnswer.TakeAndHangUp(),
            _ => PutAnswer.Take,
        };

        for (var kill = 0; kill < kills; kill++)
        {
            await using var beacon = await StartAsync("--Journal:SegmentSize", "65536", "--Journal:Sync", sync);
            await visitors.VisitAsync(beacon.Url, until: random.Next(100, 600), beacon.KillAsync);
        }

        await AssertEverythingArrivesAsync(visitors);
    }

    [Fact]
    public async Task Killed_while_firehose_is_away_it_delivers_everything_when_both_are_back()
    {
        var visitors = new Visitors(Connections);
        _firehose.Script = _ => new PutAnswer.HangUp();
        for (var kill = 0; kill < 2; kill++)
        {
            await using var beacon = await StartAsync();
            await visitors.VisitAsync(beacon.Url, until: 300, beacon.KillAsync);
        }

        Assert.Empty(_firehose.Taken);
        _firehose.Script = _ => PutAnswer.Take;

        await AssertEverythingArrivesAsync(visitors);
    }

    [Fact]
    public async Task Terminated_under_load_it_drains_ends_well_and_leaves_an_empty_journal()
    {
        var visitors = new Visitors(Connections);
        await using (var beacon = await StartAsync("--Delivery:DeliverEvery", "00:10:00"))
        {
            await visitors.VisitAsync(beacon.Url, until: 300, async () => Assert.Equal(0, await beacon.TerminateAsync()));
        }

        Assert.Subset(Arrived().Users, visitors.Acknowledged.ToHashSet());
        Assert.Empty(Journals.Segments(_folder.Path));
    }

    [Fact]
    public async Task A_limit_on_the_size_of_files_makes_smaller_segments_and_loses_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no limit on the size of files.");
        var visitors = new Visitors(Connections);
        _firehose.Script = _ => new PutAnswer.HangUp();

        // 64 blocks of 1 KiB. The runtime's own doubly mapped code would not fit into such a file.
        await using (var beacon = await BeaconProcess.StartAsync(
            BeaconProcess.Arguments(_folder.Path, _firehose.Url), shell: "export DOTNET_EnableWriteXorExecute=0; ulimit -f 64"))
        {
            await visitors.VisitAsync(beacon.Url, until: 400, beacon.KillAsync);
        }

        Assert.True(Journals.Segments(_folder.Path).Length > 2);
        Assert.All(Journals.Segments(_folder.Path), path => Assert.InRange(new FileInfo(path).Length, 1, 64 << 10));
        _firehose.Script = _ => PutAnswer.Take;
        await AssertEverythingArrivesAsync(visitors);
    }

    [Fact]
    public async Task A_second_process_on_the_folder_ends_with_one_sentence_and_the_first_goes_on()
    {
        await using var beacon = await StartAsync();

        var (exitCode, errors) = await BeaconProcess.RunAsync(BeaconProcess.Arguments(_folder.Path, _firehose.Url));

        Assert.Equal(1, exitCode);
        Assert.Matches($@"^Journal:Folder '{_folder.Path}' is in use by another beacon \(process \d+\); each process needs a folder of its own\.$", errors);
        using var client = new HttpClient { BaseAddress = beacon.Url };
        Assert.True((await client.GetAsync("/trackingpixel?userid=still-here")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task An_unwritable_folder_stops_the_start_with_one_sentence()
    {
        File.WriteAllText(_folder["file"], "");

        var (exitCode, errors) = await BeaconProcess.RunAsync(BeaconProcess.Arguments(_folder["file"], _firehose.Url));

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"Journal:Folder '{_folder["file"]}' cannot be written: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', errors);
    }

    [Fact]
    public async Task Wrong_settings_stop_the_start_by_name_and_all_at_once()
    {
        var (exitCode, errors) = await BeaconProcess.RunAsync(BeaconProcess.Arguments(
            _folder.Path, _firehose.Url, "--Journal:MaxSize", "5", "--Delivery:MaxInFlight", "0"));

        Assert.Equal(1, exitCode);
        Assert.Contains("Journal:MaxSize must be from", errors, StringComparison.Ordinal);
        Assert.Contains("Delivery:MaxInFlight must be from", errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', errors);
    }

    private Task<BeaconProcess> StartAsync(params string[] settings) =>
        BeaconProcess.StartAsync(BeaconProcess.Arguments(_folder.Path, _firehose.Url, settings));

    /// <summary>Starts it once more, lets it drain, and compares what arrived with what was acknowledged.</summary>
    private async Task AssertEverythingArrivesAsync(Visitors visitors)
    {
        await using (var beacon = await StartAsync())
        {
            Assert.Equal(0, await beacon.TerminateAsync());
        }

        Assert.Empty(Journals.Segments(_folder.Path));
        Assert.False(Directory.Exists(_folder["quarantine"]) && Directory.EnumerateFiles(_folder["quarantine"], "*.damaged").Any());

        var (users, sequences) = Arrived();
        Assert.NotEmpty(visitors.Acknowledged);
        Assert.Empty(visitors.Acknowledged.Except(users));

        // A number is missing only where a writer was killed between its place and its last byte; its record says so.
        var unfinished = Directory.Exists(_folder["quarantine"]) ? Directory.GetFiles(_folder["quarantine"], "*.unfinished").Length : 0;
        Assert.InRange(sequences.Values.Sum(numbers => numbers.Max() - numbers.Count), 0, unfinished);
    }

    private (HashSet<string> Users, Dictionary<string, HashSet<long>> Sequences) Arrived()
    {
        var users = new HashSet<string>();
        var sequences = new Dictionary<string, HashSet<long>>();
        foreach (var line in _firehose.Taken.SelectMany(record => System.Text.Encoding.UTF8.GetString(record).Split('\n', StringSplitOptions.RemoveEmptyEntries)))
        {
            using var json = JsonDocument.Parse(line);
            users.Add(json.RootElement.GetProperty("user_id").GetString()!);
            var beacon = json.RootElement.GetProperty("beacon_id").GetString()!;
            if (!sequences.TryGetValue(beacon, out var numbers))
            {
                sequences[beacon] = numbers = [];
            }

            numbers.Add(json.RootElement.GetProperty("beacon_seq").GetInt64());
        }

        return (users, sequences);
    }
}
