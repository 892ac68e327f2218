using Beacon.Api.Journal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Win32.SafeHandles;

namespace Beacon.Api.Tests.Journal;

public sealed class FailingFlushOfMappedSegmentsTests() : FailingFlushTests(JournalAccess.Mapped);

public sealed class FailingFlushOfWrittenSegmentsTests() : FailingFlushTests(JournalAccess.Written)
{
    [Fact]
    public async Task A_journal_that_closes_while_an_empty_segment_is_flushed_waits_for_it()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var journal = Open(JournalSync.Batch, time, maxSize: 128 << 10);
        using var reader = Journals.Read(journal);
        AppendResult result;
        do
        {
            var append = journal.AppendAsync("event", padding: 30_000);
            await Journals.PassTimeUntilAsync(append, time);
            result = await append;
        }
        while (result == AppendResult.Kept);

        // The last segment is delivered, closed and waits for its flush; the probe begins an empty one.
        var closed = journal.MarkDeliveredAsync(Journals.ReadAll(reader)[^1].Sequence).AsTask();
        journal.TryUnblock();
        var full = _disk.HoldNextFile();
        var empty = _disk.HoldNextFile();
        full.Succeed();
        var passing = Task.Run(() => Journals.PassTimeUntilAsync(closed, time), TestContext.Current.CancellationToken); // flushes on its thread
        await empty.Reached;

        // One of the two closes it and waits for the flush; the other finds it closed.
        var disposals = Enumerable.Range(0, 2).Select(_ => Task.Run(async () => await journal.DisposeAsync())).ToArray();
        await Task.WhenAny(disposals);
        empty.Succeed();
        await Task.WhenAll(disposals);
        await passing;
        journal.Tick(); // would tell of a flush that met a closed file
    }
}

/// <summary>Disks that take writes and refuse flushes, at moments that a test chooses.</summary>
public abstract class FailingFlushTests(JournalAccess access) : IDisposable
{
    private readonly TempFolder _folder = new();
    private protected readonly SteeredDisk _disk = new();

    public void Dispose() => _folder.Dispose();

    private protected EventJournal Open(JournalSync sync, TimeProvider? time = null, long maxSize = 64 << 20, ILogger<EventJournal>? logger = null) =>
        Journals.Open(_folder.Path, maxSize, segmentSize: 64 << 10, sync, time, logger: logger, access: access, disk: _disk);

    [Fact]
    public async Task An_event_written_while_its_segments_flush_fails_is_not_kept_by_a_later_flush_of_another_segment()
    {
        await using var journal = Open(JournalSync.Always);
        var (first, failing) = await AppendHeldAsync(journal, "first", padding: 20_000);
        var second = journal.AppendAsync("second", padding: 20_000); // the same segment, the next round
        var third = journal.AppendAsync("third", padding: 40_000); // does not fit: the next segment, the same round
        failing.Fail();

        Assert.Equal(AppendResult.Failed, await first);
        Assert.Equal(AppendResult.Failed, await second);
        Assert.Equal(AppendResult.Kept, await third);
        Assert.True(journal.CanAppend);
    }

    [Fact]
    public async Task The_log_says_how_many_events_a_failed_flush_refused()
    {
        var log = new FakeLogCollector();
        await using var journal = Open(JournalSync.Always, logger: new FakeLogger<EventJournal>(log));
        var (first, failing) = await AppendHeldAsync(journal, "first");
        Task<AppendResult>[] others = [.. Enumerable.Range(0, 3).Select(_ => journal.AppendAsync("in the next round"))];
        failing.Fail();
        Assert.All(await Task.WhenAll([first, .. others]), result => Assert.Equal(AppendResult.Failed, result));

        Assert.Equal(AppendResult.Kept, await journal.AppendAsync("again"));

        Assert.Contains(log.GetSnapshot(), entry => entry.Message.EndsWith("takes events again; 4 were refused.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_whose_flush_fails_refuses_the_events_of_its_new_segment_and_is_flushed_again_for_the_next()
    {
        await using var journal = Open(JournalSync.Always);
        _disk.FailNextFolder();

        Assert.Equal(AppendResult.Failed, await journal.AppendAsync("first"));
        Assert.False(journal.CanAppend);
        Assert.Equal(AppendResult.Kept, await journal.AppendAsync("second"));
        Assert.True(journal.CanAppend);
        Assert.Equal(2, _disk.FolderFlushes);
    }

    [Fact]
    public async Task A_name_is_flushed_before_its_first_event_is_kept_and_once()
    {
        await using var journal = Open(JournalSync.Always);

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(AppendResult.Kept, await journal.AppendAsync("event"));
            Assert.Equal(1, _disk.FolderFlushes);
        }
    }

    [Fact]
    public async Task A_blocked_journal_is_ready_again_when_a_flush_succeeds_though_nobody_appends()
    {
        await using var journal = Open(JournalSync.Always);
        var (refused, failing) = await AppendHeldAsync(journal, "refused");
        failing.Fail();
        Assert.Equal(AppendResult.Failed, await refused);
        Assert.False(journal.CanAppend);

        var slow = _disk.HoldNextFile();
        journal.Tick();
        await slow.Reached;
        Assert.False(journal.CanAppend); // asked beside the flush: nobody waits for the disk but the committer
        slow.Succeed();
        while (!journal.CanAppend)
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task A_defect_in_flushing_fails_every_waiting_and_later_event_and_ends_the_watch()
    {
        await using var journal = Open(JournalSync.Always);
        var (first, failing) = await AppendHeldAsync(journal, "first");
        var second = journal.AppendAsync("second");
        failing.Throw(new NotSupportedException("a defect"));

        Assert.Equal(AppendResult.Failed, await first);
        Assert.Equal(AppendResult.Failed, await second);
        Assert.Equal(AppendResult.Failed, await journal.AppendAsync("third"));
        Assert.Equal("a defect", Assert.Throws<InvalidOperationException>(journal.Tick).InnerException!.Message);
    }

    /// <summary>Appends an event whose flush stands still.</summary>
    private async Task<(Task<AppendResult> Append, HeldFlush Flush)> AppendHeldAsync(EventJournal journal, string id, int padding = 0)
    {
        var held = _disk.HoldNextFile();
        var append = journal.AppendAsync(id, padding);
        await held.Reached;
        return (append, held);
    }

    /// <summary>The real disk, but for the flushes that a test holds or fails.</summary>
    private protected sealed class SteeredDisk : DiskFlush
    {
        private readonly Lock _gate = new();
        private readonly Queue<HeldFlush> _held = [];
        private bool _failFolder;

        public int FolderFlushes { get; private set; }

        public HeldFlush HoldNextFile()
        {
            var held = new HeldFlush();
            lock (_gate)
            {
                _held.Enqueue(held);
            }

            return held;
        }

        public void FailNextFolder() => _failFolder = true;

        public override void File(SafeFileHandle file)
        {
            HeldFlush? held;
            lock (_gate)
            {
                _held.TryDequeue(out held);
            }

            held?.Wait();
            base.File(file);
        }

        public override void Folder(string folder)
        {
            FolderFlushes++;
            if (_failFolder)
            {
                _failFolder = false;
                throw new IOException("The disk refuses.");
            }

            base.Folder(folder);
        }
    }

    /// <summary>A flush that stands still until the test says how it ends.</summary>
    private protected sealed class HeldFlush
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _end = new();

        public Task Reached => _reached.Task;

        public void Wait()
        {
            _reached.SetResult();
            _end.Task.GetAwaiter().GetResult();
        }

        public void Succeed() => _end.SetResult();

        public void Fail() => Throw(new IOException("The disk refuses."));

        public void Throw(Exception exception) => _end.SetException(exception);
    }
}
