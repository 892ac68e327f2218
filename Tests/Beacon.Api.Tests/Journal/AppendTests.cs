using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Beacon.Api.Journal;
using Microsoft.Extensions.Logging.Testing;

namespace Beacon.Api.Tests.Journal;

public sealed class MappedAppendTests() : AppendTests(JournalAccess.Mapped);

public sealed class WrittenAppendTests() : AppendTests(JournalAccess.Written);

public abstract class AppendTests(JournalAccess access) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private EventJournal Open(
        string folder, long maxSize = 64 << 20, long segmentSize = 1 << 20, JournalSync sync = JournalSync.Process,
        TimeProvider? time = null, ILogger<EventJournal>? logger = null) =>
        Journals.Open(folder, maxSize, segmentSize, sync, time, logger, access);


    [Fact]
    public async Task Events_are_read_in_the_order_they_were_appended_with_the_beacons_numbers()
    {
        using var journal = Open(_folder.Path);
        await journal.AppendAllAsync(Journals.Ids("e", 1000), padding: 300);

        using var reader = Journals.Read(journal);
        var events = Journals.ReadAll(reader);

        Assert.Equal(Journals.Ids("e", 1000), events.Select(e => e.Id));
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => (long)i), events.Select(e => e.BeaconSeq));
        Assert.All(events, e => Assert.Equal(journal.BeaconId, e.BeaconId));
    }

    [Fact]
    public async Task A_reader_that_caught_up_finds_what_is_appended_later()
    {
        using var journal = Open(_folder.Path);
        using var reader = Journals.Read(journal);
        Assert.False(reader.TryRead(out _));

        var more = reader.WaitAsync(1, TestContext.Current.CancellationToken);
        Assert.False(more.IsCompleted);
        await journal.AppendAsync("a");
        await more;

        Assert.True(reader.TryRead(out var record));
        Assert.Equal("a", StoredEvent.Parse(record).Id);
        Assert.False(reader.TryRead(out _));
    }

    [Theory]
    [InlineData(JournalSync.Process)]
    [InlineData(JournalSync.Batch)]
    [InlineData(JournalSync.Always)]
    public async Task Many_appenders_at_once_leave_no_gap_and_lose_nothing(JournalSync sync)
    {
        const int Appenders = 16, Each = 200;
        var count = sync == JournalSync.Process ? Each * 10 : Each;
        using (var journal = Open(_folder.Path, segmentSize: 64 << 10, sync: sync, time: TimeProvider.System))
        {
            await Task.WhenAll(Enumerable.Range(0, Appenders).Select(appender => Task.Run(async () =>
            {
                for (var i = 0; i < count; i++)
                {
                    Assert.Equal(AppendResult.Kept, await journal.AppendAsync($"{appender}-{i}", padding: i % 700));
                }
            })));
        }

        var events = Journals.ReadFolder(_folder.Path);

        Assert.Equal(Enumerable.Range(1, Appenders * count).Select(i => (long)i), events.Select(e => e.BeaconSeq));
        Assert.Equal(Appenders * count, events.Select(e => e.Id).Distinct().Count());
        Assert.True(Journals.Segments(_folder.Path).Length <= 1 + (Appenders * count * 1000 / (64 << 10)));
    }

    [Fact]
    public async Task A_segment_is_never_larger_than_configured()
    {
        using var journal = Open(_folder.Path, segmentSize: 64 << 10);
        await journal.AppendAllAsync(Journals.Ids("e", 1000), padding: 500);

        var segments = Journals.Segments(_folder.Path);

        Assert.True(segments.Length > 8);
        Assert.All(segments, path => Assert.InRange(new FileInfo(path).Length, SegmentFormat.HeaderSize, 64 << 10));
    }

    [Fact]
    public async Task An_event_larger_than_a_segment_gets_one_of_its_own()
    {
        using var journal = Open(_folder.Path, segmentSize: 64 << 10);
        await journal.AppendAllAsync(["before"]);
        await journal.AppendAllAsync(["large"], padding: 3_000_000);
        await journal.AppendAllAsync(["after"]);

        using var reader = Journals.Read(journal);
        Assert.Equal(["before", "large", "after"], Journals.ReadAll(reader).Select(e => e.Id));
        Assert.Equal(3, Journals.Segments(_folder.Path).Length);
    }

    [Fact]
    public async Task At_its_limit_the_journal_refuses_uses_no_number_and_comes_back_when_delivery_makes_room()
    {
        using var journal = Open(_folder.Path, maxSize: 256 << 10);
        using var reader = Journals.Read(journal);
        var kept = 0;
        while (await journal.AppendAsync($"first-{kept + 1}", padding: 1000) == AppendResult.Kept)
        {
            kept++;
        }

        Assert.InRange(kept, 200, 256);
        Assert.False(journal.CanAppend);
        Assert.Equal(AppendResult.Full, await journal.AppendAsync("refused", padding: 1000));
        Assert.True(Directory.EnumerateFiles(_folder.Path, "*.journal").Sum(path => new FileInfo(path).Length) <= 256 << 10);

        var events = Journals.ReadAll(reader);
        await journal.MarkDeliveredAsync(events[^1].Sequence);
        events.AddRange(Journals.ReadAll(reader));
        journal.TryUnblock();

        Assert.True(journal.CanAppend);
        await journal.AppendAllAsync(["again"], padding: 1000);
        events.AddRange(Journals.ReadAll(reader));
        Assert.Equal([.. Journals.Ids("first", kept), "again"], events.Select(e => e.Id));
        Assert.Equal(Enumerable.Range(1, kept + 1).Select(i => (long)i), events.Select(e => e.BeaconSeq));
    }

    [Fact]
    public async Task A_folder_that_fails_refuses_with_one_log_line_and_comes_back_when_it_does()
    {
        var log = new FakeLogCollector();
        using var journal = Open(_folder.Path, segmentSize: 64 << 10, logger: new FakeLogger<EventJournal>(log));
        await journal.AppendAllAsync(["kept"], padding: 60_000);
        var away = _folder.Path + "-away";
        Directory.Move(_folder.Path, away);

        // The segment is full, and the next one cannot be made.
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(AppendResult.Failed, await journal.AppendAsync("refused", padding: 60_000));
        }

        Assert.False(journal.CanAppend);
        Assert.Single(log.GetSnapshot(), entry => entry.Level == Microsoft.Extensions.Logging.LogLevel.Error);

        Directory.Move(away, _folder.Path);
        journal.TryUnblock();

        Assert.True(journal.CanAppend);
        await journal.AppendAllAsync(["again"], padding: 60_000);
        using var reader = Journals.Read(journal);
        Assert.Equal([("kept", 1L), ("again", 2L)], Journals.ReadAll(reader).Select(e => (e.Id, e.BeaconSeq)));
        Assert.Contains(log.GetSnapshot(), entry => entry.Message.EndsWith("takes events again; 100 were refused.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_segment_whose_flush_fails_before_its_first_event_hides_nothing_that_comes_after_it()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        using var journal = Journals.Open(_folder.Path, maxSize: 1 << 20, sync: JournalSync.Batch, time: time, access: JournalAccess.Written);
        using var reader = Journals.Read(journal);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(AppendResult.Kept, await FlushedAsync(journal.AppendAsync("first", padding: 200_000), time));
        }

        // Full, and everything delivered: the last segment is closed, and its flush waits for others to share it.
        Assert.Equal(AppendResult.Full, await journal.AppendAsync("refused", padding: 200_000));
        var closing = journal.MarkDeliveredAsync(Journals.ReadAll(reader)[^1].Sequence).AsTask();
        journal.TryUnblock(); // begins the next

        var away = _folder.Path + "-away";
        Directory.Move(_folder.Path, away);
        await Journals.PassTimeUntilAsync(closing, time);
        Directory.Move(away, _folder.Path);
        Assert.False(journal.CanAppend);
        Assert.Empty(Journals.ReadAll(reader));
        journal.TryUnblock();
        Assert.Equal(AppendResult.Kept, await FlushedAsync(journal.AppendAsync("again"), time));

        Assert.Equal(["again"], Journals.ReadAll(reader).Select(e => e.Id));
        Assert.Single(Journals.Segments(_folder.Path));
    }

    [Fact]
    public async Task A_clock_that_jumps_back_changes_neither_order_nor_numbers()
    {
        using var journal = Open(_folder.Path, time: new JumpingTime());
        await journal.AppendAllAsync(Journals.Ids("e", 20));

        using var reader = Journals.Read(journal);
        Assert.Equal(Journals.Ids("e", 20), Journals.ReadAll(reader).Select(e => e.Id));
    }

    [Fact]
    public async Task An_append_after_closing_is_refused()
    {
        var journal = Open(_folder.Path);
        journal.Dispose();

        Assert.Equal(AppendResult.Failed, await journal.AppendAsync("late"));
        Assert.False(journal.CanAppend);
    }

    private static async Task<T> FlushedAsync<T>(Task<T> waiting, FakeTimeProvider time)
    {
        await Journals.PassTimeUntilAsync(waiting, time);
        return await waiting;
    }

    /// <summary>An hour earlier at every look.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(56);

        public override DateTimeOffset GetUtcNow() => _now -= TimeSpan.FromHours(1);
    }
}
