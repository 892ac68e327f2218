using Beacon.Api.Journal;

namespace Beacon.Api.Tests.Journal;

/// <summary>A writer that is stopped after it took its place in a segment, and before it filled it.</summary>
public sealed class StoppedWriterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Events_behind_a_stopped_writer_are_acknowledged_and_found_after_a_kill()
    {
        var time = new StoppingTime();
        using var journal = Journals.Open(_folder.Path, time: time);
        var stopped = await StopAsync(journal, time, "stopped");
        await journal.AppendAllAsync(Journals.Ids("behind", 20), padding: 100);

        using var killed = Kill();
        Assert.Equal(["first", .. Journals.Ids("behind", 20)], Journals.ReadFolder(killed.Path).Select(e => e.Id));

        time.GoOn();
        Assert.Equal(AppendResult.Kept, await stopped);
        Assert.Equal(["first", "stopped", .. Journals.Ids("behind", 20)], ReadAll(journal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(SegmentFormat.RecordHeaderSize)]
    [InlineData(SegmentFormat.RecordHeaderSize + 200)]
    public async Task A_record_that_a_kill_left_half_written_is_no_damage_and_hides_nothing(int copied)
    {
        using (var journal = Journals.Open(_folder.Path))
        {
            await journal.AppendAllAsync(Journals.Ids("e", 5), padding: 300);
        }

        var path = Assert.Single(Journals.Segments(_folder.Path));
        var bytes = File.ReadAllBytes(path);
        var offsets = Journals.Offsets(path);
        var record = bytes.AsSpan((int)offsets[2]..(int)offsets[3]);
        var length = BitConverter.ToInt32(record[4..8]);
        record[Math.Max(8, copied)..].Clear();
        BitConverter.TryWriteBytes(record[4..8], ~length);
        File.WriteAllBytes(path, bytes);

        Assert.Equal(["e-1", "e-2", "e-4", "e-5"], Journals.ReadFolder(_folder.Path).Select(e => e.Id));
        Assert.Equal($"{1:D20}-{offsets[2]}.unfinished", Path.GetFileName(Assert.Single(Directory.GetFiles(_folder["quarantine"]))));
    }

    [Fact]
    public async Task An_unfinished_record_with_a_wrong_length_hides_nothing_either()
    {
        using (var journal = Journals.Open(_folder.Path))
        {
            await journal.AppendAllAsync(Journals.Ids("e", 5), padding: 300);
        }

        var path = Assert.Single(Journals.Segments(_folder.Path));
        var bytes = File.ReadAllBytes(path);
        BitConverter.TryWriteBytes(bytes.AsSpan((int)Journals.Offsets(path)[1] + 4), ~5000);
        File.WriteAllBytes(path, bytes);

        Assert.Equal(["e-1", "e-3", "e-4", "e-5"], Journals.ReadFolder(_folder.Path).Select(e => e.Id));
    }

    [Fact]
    public async Task The_reader_waits_for_a_stopped_writer_and_then_goes_on_in_order()
    {
        var time = new StoppingTime();
        using var journal = Journals.Open(_folder.Path, time: time);
        using var reader = Journals.Read(journal);
        var stopped = await StopAsync(journal, time, "stopped");
        await journal.AppendAllAsync(Journals.Ids("behind", 3));

        Assert.Equal(["first"], Journals.ReadAll(reader).Select(e => e.Id));
        var wait = reader.WaitAsync(1, TestContext.Current.CancellationToken);
        Assert.False(wait.IsCompleted);

        time.GoOn();
        await stopped;
        await wait;
        Assert.Equal(["stopped", .. Journals.Ids("behind", 3)], Journals.ReadAll(reader).Select(e => e.Id));
    }

    [Fact]
    public async Task A_reader_that_waits_for_many_bytes_is_woken_by_the_writer_that_held_them_up()
    {
        var time = new StoppingTime();
        using var journal = Journals.Open(_folder.Path, time: time);
        using var reader = Journals.Read(journal);
        var stopped = await StopAsync(journal, time, "stopped");
        await journal.AppendAllAsync(Journals.Ids("behind", 30), padding: 300);
        var wait = reader.WaitAsync(9000, TestContext.Current.CancellationToken);
        Assert.False(wait.IsCompleted);

        time.GoOn();
        await stopped;
        await wait;
    }

    [Theory]
    [InlineData(JournalSync.Process)]
    [InlineData(JournalSync.Always)]
    public async Task A_segment_stays_mapped_until_its_last_writer_has_gone(JournalSync sync)
    {
        var time = new StoppingTime();
        using var journal = Journals.Open(_folder.Path, segmentSize: 64 << 10, sync: sync, time: time);
        var stopped = await StopAsync(journal, time, "stopped");

        // Its segment is sealed long before it goes on; were it unmapped, the process would end here.
        await journal.AppendAllAsync(Journals.Ids("behind", 400), padding: 900);
        journal.Tick();
        Assert.True(Journals.Segments(_folder.Path).Length > 4);
        time.GoOn();

        Assert.Equal(AppendResult.Kept, await stopped);
        Assert.Equal(["first", "stopped", .. Journals.Ids("behind", 400)], ReadAll(journal));
    }

    [Fact]
    public async Task Closing_waits_for_a_stopped_writer()
    {
        var time = new StoppingTime();
        var journal = Journals.Open(_folder.Path, time: time);
        var stopped = await StopAsync(journal, time, "stopped");

        var closing = Task.Run(() => journal.DisposeAsync().AsTask());
        while (journal.CanAppend)
        {
            await Task.Yield();
        }

        Assert.False(closing.IsCompleted);
        time.GoOn();
        await closing;
        Assert.Equal(AppendResult.Kept, await stopped);
        Assert.Equal(["first", "stopped"], Journals.ReadFolder(_folder.Path).Select(e => e.Id));
    }

    /// <summary>Begins an append on a thread of its own and completes when it is between its place and its copy.</summary>
    private static async Task<Task<AppendResult>> StopAsync(EventJournal journal, StoppingTime time, string id)
    {
        await journal.AppendAllAsync(["first"]); // begins the segment, which looks at the clock too
        time.StopNext();
        var append = Task.Factory.StartNew(() => journal.AppendAsync(id), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        await time.Stopped;
        return append;
    }

    /// <summary>What a killed process leaves: the files as they are.</summary>
    private TempFolder Kill()
    {
        var left = new TempFolder();
        foreach (var path in Journals.Segments(_folder.Path))
        {
            File.Copy(path, left[Path.GetFileName(path)]);
        }

        return left;
    }

    private static IEnumerable<string> ReadAll(EventJournal journal)
    {
        using var reader = Journals.Read(journal);
        return Journals.ReadAll(reader).Select(e => e.Id);
    }

    /// <summary>A clock that holds one caller up. The journal asks it between taking a place and filling it.</summary>
    private sealed class StoppingTime : TimeProvider
    {
        private readonly ManualResetEventSlim _goOn = new();
        private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _stopNext;

        public Task Stopped => _stopped.Task;

        public void StopNext() => Volatile.Write(ref _stopNext, 1);

        public void GoOn() => _goOn.Set();

        public override DateTimeOffset GetUtcNow()
        {
            if (Interlocked.Exchange(ref _stopNext, 0) == 1)
            {
                _stopped.SetResult();
                _goOn.Wait();
            }

            return DateTimeOffset.UnixEpoch.AddYears(56);
        }
    }
}
