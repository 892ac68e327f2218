using System.Text;
using System.Text.Json;
using Beacon.Api.Tests.Delivery;
using Beacon.Api.Tests.Journal;

namespace Beacon.Api.Tests.Crash;

/// <summary>The real program is killed where events are kept in Firehose first; what it answered 200 must be somewhere.</summary>
public sealed class ModeKillTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private FirehoseEndpoint _firehose = null!;
    private QueueEndpoint _queue = null!;

    public async ValueTask InitializeAsync() =>
        (_firehose, _queue) = (await FirehoseEndpoint.StartAsync(), await QueueEndpoint.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _firehose.DisposeAsync();
        await _queue.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task With_group_commit_and_a_flapping_firehose_everything_answered_200_is_there_or_in_the_journal()
    {
        var random = new Random(20261125);
        var visitors = new Visitors(connections: 12);
        Flap();
        for (var kill = 0; kill < 3; kill++)
        {
            await using var beacon = await StartAsync("groupcommit");
            await visitors.VisitAsync(beacon.Url, until: random.Next(200, 800), beacon.KillAsync);
        }

        var inFirehose = Users(_firehose.Taken.Select(Encoding.UTF8.GetString));
        var inJournal = Journals.Segments(_folder.Path).Length;
        _firehose.Script = _ => PutAnswer.Take;
        await using (var beacon = await StartAsync("groupcommit"))
        {
            Assert.Equal(0, await beacon.TerminateAsync());
        }

        Assert.NotEmpty(visitors.Acknowledged.Intersect(inFirehose));
        Assert.NotEqual(0, inJournal);
        Assert.Empty(Journals.Segments(_folder.Path));
        Assert.Empty(visitors.Acknowledged.Except(Users(_firehose.Taken.Select(Encoding.UTF8.GetString))));
    }

    [Fact]
    public async Task With_write_through_and_a_flapping_firehose_everything_answered_200_is_there_or_in_the_queue()
    {
        var visitors = new Visitors(connections: 12);
        Flap();
        for (var kill = 0; kill < 2; kill++)
        {
            await using var beacon = await StartAsync(
                "writethrough", [.. _queue.Settings.SelectMany(setting => new[] { "--" + setting.Key, setting.Value }), "--Delivery:RequestTimeout", "00:00:00.200"]);
            await visitors.VisitAsync(beacon.Url, until: 300, beacon.KillAsync);
        }

        Assert.False(Directory.Exists(_folder["journal"]));
        Assert.Empty(visitors.Acknowledged.Except(Users(_firehose.Taken.Select(Encoding.UTF8.GetString).Concat(_queue.Messages))));
        Assert.NotEmpty(_queue.Messages);
    }

    private void Flap() => _firehose.Script = put => (put.Number % 40) switch
    {
        < 20 => PutAnswer.Take,
        < 24 => new PutAnswer.Refuse(500, "InternalFailure"),
        < 28 => new PutAnswer.HangUp(),
        < 32 => new PutAnswer.TakeAndHangUp(),
        < 36 => new PutAnswer.TakeAllBut([0], "ServiceUnavailableException"),
        _ => new PutAnswer.Refuse(400, "ThrottlingException"),
    };

    private Task<BeaconProcess> StartAsync(string mode, params string[] settings) => BeaconProcess.StartAsync(BeaconProcess.Arguments(
        mode == "groupcommit" ? _folder.Path : _folder["journal"],
        _firehose.Url,
        [.. settings, "--Delivery:Mode", mode, "--Delivery:GroupWait", "00:00:00.002", "--Delivery:RetryBase", "00:00:00.010"]));

    private static HashSet<string> Users(IEnumerable<string> lines) =>
        [.. lines.SelectMany(text => text.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(line =>
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("user_id").GetString()!;
        })];
}
