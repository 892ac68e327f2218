using System.Text;
using System.Text.Json;
using Beacon.Api.Journal;
using Beacon.Api.Tests.Delivery;
using Beacon.Api.Tests.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Api.Tests.Crash;

/// <summary>Several beacons on one volume: one of them is killed with a backlog, and what it answered 200 must arrive all the same.</summary>
public sealed class SharedFolderTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private FirehoseEndpoint _firehose = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _firehose = await FirehoseEndpoint.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _firehose.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_a_killed_beacon_left_is_delivered_by_one_that_lives()
    {
        var visitors = new Visitors(connections: 4);
        _firehose.Script = _ => new PutAnswer.Refuse(500, "InternalFailure");
        await using var living = await StartAsync();
        await using var dying = await StartAsync();
        await visitors.VisitAsync(dying.Url, until: 100, dying.KillAsync);
        Assert.Equal(2, Folders().Length);
        Assert.NotEmpty(Segments());

        _firehose.Script = _ => PutAnswer.Take;
        await EventuallyAsync(() =>
        {
            Assert.False(living.HasExited);
            return !visitors.Acknowledged.Except(Users()).Any() && Segments().Length == 0;
        });

        Assert.Equal(0, await living.TerminateAsync());
    }

    [Fact]
    public async Task A_beacon_that_starts_takes_what_is_left_for_its_own_and_delivers_it()
    {
        var visitors = new Visitors(connections: 4);
        _firehose.Script = _ => new PutAnswer.Refuse(500, "InternalFailure");
        await using (var dying = await StartAsync())
        {
            await visitors.VisitAsync(dying.Url, until: 100, dying.KillAsync);
        }

        _firehose.Script = _ => PutAnswer.Take;
        await using var next = await StartAsync();
        Assert.Equal(0, await next.TerminateAsync());

        Assert.Single(Folders());
        Assert.Empty(Segments());
        Assert.Empty(visitors.Acknowledged.Except(Users()));
    }

    [Fact]
    public void A_journal_that_somebody_holds_is_nobody_else_s()
    {
        var options = new JournalOptions { Folder = _folder["shared"], Shared = true, Access = JournalAccess.Written };
        using var first = SharedFolder.Open(options, TimeProvider.System, NullLogger<EventJournal>.Instance);
        using var second = SharedFolder.Open(options, TimeProvider.System, NullLogger<EventJournal>.Instance);

        Assert.NotEqual(first.Folder, second.Folder);
        Assert.Null(SharedFolder.TakeOrphan(options, _ => false));
    }

    [Fact]
    public void A_folder_without_events_is_left_to_who_starts_next()
    {
        var options = new JournalOptions { Folder = _folder["shared"], Shared = true, Access = JournalAccess.Written };
        string left;
        using (var first = SharedFolder.Open(options, TimeProvider.System, NullLogger<EventJournal>.Instance))
        {
            left = first.Folder;
        }

        Assert.Null(SharedFolder.TakeOrphan(options, _ => false));
        using var next = SharedFolder.Open(options, TimeProvider.System, NullLogger<EventJournal>.Instance);
        Assert.Equal(left, next.Folder);
    }

    private Task<BeaconProcess> StartAsync() => BeaconProcess.StartAsync(BeaconProcess.Arguments(
        _folder["shared"],
        _firehose.Url,
        "--Delivery:Mode", "groupcommit", "--Delivery:GroupWait", "00:00:00.002", "--Delivery:RetryBase", "00:00:00.010",
        "--Journal:Shared", "true", "--Journal:AdoptEvery", "00:00:00.200", "--Journal:Sync", "batch", "--Journal:Access", "written"));

    private string[] Folders() => Directory.GetDirectories(_folder["shared"]);

    private string[] Segments() => [.. Folders().SelectMany(Journals.Segments)];

    private HashSet<string> Users() =>
        [.. _firehose.Taken.SelectMany(record => Encoding.UTF8.GetString(record).Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(line =>
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("user_id").GetString()!;
        })];

    // Another process does it, which says nothing when it has. How long it takes is the machine's affair.
    private static async Task EventuallyAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            await Task.Delay(100, Cancellation);
        }
    }
}
