using Beacon.Api.Journal;
using Microsoft.Extensions.Logging.Testing;
using ServiceDefaults;

namespace Beacon.Api.Tests.Journal;

public sealed class MappedSegmentTests : IDisposable
{
    private const int SegmentSize = 64 << 10;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_append_allocates_nothing()
    {
        using var journal = Journals.Open(_folder.Path, time: TimeProvider.System);
        var e = Journals.Event("e", 600);
        var token = TestContext.Current.CancellationToken;
        await journal.AppendAsync(e, token);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500; i++)
        {
            Assert.True(journal.AppendAsync(e, token).IsCompletedSuccessfully);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Many_writers_and_a_reader_that_deletes_behind_itself_lose_nothing_and_keep_the_order()
    {
        const int Writers = 8, Each = 4000;
        var token = TestContext.Current.CancellationToken;
        using var journal = Journals.Open(_folder.Path, segmentSize: 256 << 10, time: TimeProvider.System);
        using var reader = Journals.Read(journal);
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                Assert.Equal(AppendResult.Kept, await journal.AppendAsync($"{writer}-{i}", padding: (i * 7) % 900));
            }
        })));

        var ids = new HashSet<string>();
        long last = 0;
        while (ids.Count < Writers * Each)
        {
            await reader.WaitAsync(1, token);
            var events = Journals.ReadAll(reader);
            foreach (var e in events)
            {
                Assert.True(ids.Add(e.Id));
                Assert.Equal(last + 1, e.BeaconSeq);
                last = e.BeaconSeq;
            }

            if (events.Count > 0)
            {
                await journal.MarkDeliveredAsync(events[^1].Sequence);
            }
        }

        await writing;
        Assert.InRange(Journals.Segments(_folder.Path).Length, 1, 2);
    }

    [Fact]
    public async Task The_file_of_a_delivered_segment_is_used_again_and_counted_once()
    {
        using var journal = Journals.Open(_folder.Path, segmentSize: SegmentSize, maxSize: 1 << 20);
        using var reader = Journals.Read(journal);
        await journal.AppendAllAsync(["first"]);
        using var file = Open(Assert.Single(Journals.Segments(_folder.Path)));

        await GoThroughAsync(journal, reader, until: () => FirstSequence(file) > 1);

        for (var round = 0; round < 60; round++)
        {
            await AppendAndDeliverAsync(journal, reader, round);
            Assert.InRange(journal.Status.Size, SegmentSize, 5 * SegmentSize); // however much has gone through
        }

        Assert.InRange(Directory.GetFiles(_folder.Path, "*.segment").Length, 0, 2);
        Assert.InRange(Journals.Segments(_folder.Path).Length, 1, 3);
    }

    [Fact]
    public async Task A_reused_segment_cut_at_every_byte_gives_its_new_events_and_never_an_old_one()
    {
        using var journal = Journals.Open(_folder.Path, segmentSize: SegmentSize, maxSize: 1 << 20);
        using var reader = Journals.Read(journal);
        await journal.AppendAllAsync(Journals.Ids("old", 200), padding: 300);
        using var file = Open(Journals.Segments(_folder.Path)[0]);
        var old = Bytes(file);

        await GoThroughAsync(journal, reader, until: () => FirstSequence(file) > 1);

        var bytes = Bytes(file);
        var segment = FirstSequence(file);
        using var folder = new TempFolder();
        var path = folder[SegmentFormat.FileName(segment)];
        File.WriteAllBytes(path, bytes);
        var ids = Scan(path, segment);
        var ends = Journals.Offsets(path).SkipLast(1)
            .Select(offset => offset + SegmentFormat.RecordHeaderSize + BitConverter.ToInt32(bytes, (int)offset + 4)).ToArray();
        Assert.NotEmpty(ids);
        for (var cut = 0; cut <= ends[Math.Min(ends.Length, 4) - 1]; cut++)
        {
            // Filled and written up to here, and still the former segment's from here on.
            File.WriteAllBytes(path, [.. bytes[..cut], .. old[cut..]]);
            Assert.Equal(ids.Take(ends.Count(end => end <= cut)), Scan(path, segment));
        }
    }

    [Fact]
    public async Task What_a_killed_process_had_prepared_is_gone_at_the_next_start()
    {
        File.WriteAllBytes(_folder["next.segment"], new byte[100]);
        File.WriteAllBytes(_folder["spare.segment"], new byte[100]);

        using (var journal = Journals.Open(_folder.Path))
        {
            await journal.AppendAllAsync(["e"]);
        }

        Assert.Empty(Directory.GetFiles(_folder.Path, "*.segment"));
        Assert.Equal(["e"], Journals.ReadFolder(_folder.Path).Select(e => e.Id));
    }

    [Fact]
    public async Task Closing_gives_back_the_room_that_was_prepared()
    {
        using (var journal = Journals.Open(_folder.Path, segmentSize: 16 << 20, maxSize: 1 << 30))
        {
            await journal.AppendAllAsync(Journals.Ids("e", 10), padding: 100);
        }

        Assert.InRange(new FileInfo(Assert.Single(Journals.Segments(_folder.Path))).Length, 1000, 5000);
    }

    [Fact]
    public async Task While_no_segment_can_be_prepared_events_are_written_one_by_one_and_afterwards_mapped_again()
    {
        var log = new FakeLogCollector();
        using var journal = Journals.Open(_folder.Path, segmentSize: SegmentSize, logger: new FakeLogger<EventJournal>(log));
        await journal.AppendAllAsync(["first"]); // takes the file that was prepared; the next one waits for more
        Directory.CreateDirectory(_folder["next.segment"]);

        await journal.AppendAllAsync(Journals.Ids("during", 200), padding: 1000);
        while (!log.GetSnapshot().Any(entry => entry.Message.StartsWith("No segment could be prepared", StringComparison.Ordinal)))
        {
            await Task.Yield(); // another thread prepares
        }

        Assert.Contains(Journals.Segments(_folder.Path), path => new FileInfo(path).Length != SegmentSize);

        Directory.Delete(_folder["next.segment"]);
        var after = 0;
        while (new FileInfo(Journals.Segments(_folder.Path)[^1]).Length != SegmentSize)
        {
            journal.Tick();
            await journal.AppendAllAsync([$"after-{++after}"], padding: 1000);
        }

        using var reader = Journals.Read(journal);
        Assert.Equal(["first", .. Journals.Ids("during", 200), .. Journals.Ids("after", after)], Journals.ReadAll(reader).Select(e => e.Id));
    }

    [Fact]
    public async Task A_prepared_segment_makes_way_for_an_event_that_is_larger_than_it()
    {
        using var journal = Journals.Open(_folder.Path, segmentSize: 256 << 10, maxSize: 1 << 20);

        await journal.AppendAllAsync(["large-1", "large-2", "large-3"], padding: 300_000);
        await journal.AppendAllAsync(["small"]);

        using var reader = Journals.Read(journal);
        Assert.Equal(["large-1", "large-2", "large-3", "small"], Journals.ReadAll(reader).Select(e => e.Id));
    }

    [Fact]
    public async Task A_kept_file_that_somebody_deletes_is_replaced_by_a_new_one()
    {
        using var journal = Journals.Open(_folder.Path, segmentSize: SegmentSize, maxSize: 1 << 20);
        using var reader = Journals.Read(journal);
        await GoThroughAsync(journal, reader, until: () => File.Exists(_folder["spare.segment"]));
        File.Delete(_folder["spare.segment"]);

        for (var round = 0; round < 40; round++)
        {
            await AppendAndDeliverAsync(journal, reader, round);
        }

        await GoThroughAsync(journal, reader, until: () => new FileInfo(Journals.Segments(_folder.Path)[^1]).Length == SegmentSize);
        Assert.InRange(journal.Status.Size, SegmentSize, 5 * SegmentSize);
    }

    [Fact]
    public void What_lies_in_the_way_of_prepared_files_is_said_at_the_start()
    {
        Directory.CreateDirectory(_folder["next.segment"]);

        var refusal = Assert.Throws<StartupException>(() => Journals.Open(_folder.Path));

        Assert.Contains(_folder.Path, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_idle_journal_counts_the_bytes_that_its_folder_takes()
    {
        using var journal = Journals.Open(_folder.Path, segmentSize: SegmentSize, maxSize: 1 << 20);
        using var reader = Journals.Read(journal);
        for (var round = 0; round < 20; round++)
        {
            await AppendAndDeliverAsync(journal, reader, round);
        }

        // Whatever the preparer is about to do is done when nothing changes any more.
        (string Path, long Length)[] files;
        do
        {
            files = Listing();
            await Task.Yield();
        }
        while (!files.SequenceEqual(Listing()) || files.Sum(file => file.Length) != journal.Status.Size);

        // One look at each: a file may go between two.
        (string, long)[] Listing() => [.. Directory.GetFiles(_folder.Path, "*.journal").Concat(Directory.GetFiles(_folder.Path, "*.segment"))
            .Select(path => (path, new FileInfo(path) is { Exists: true } file ? file.Length : 0))];
    }

    [Fact]
    public void File_systems_that_keep_what_they_gave_are_mapped_and_others_are_not()
    {
        var path = Path.GetTempPath();
        var expected = new DriveInfo(path).DriveFormat is "ext4" or "ext3" or "ext2" or "xfs" or "tmpfs" or "NTFS";
        Assert.Equal(expected, SafeMapping.IsPossible(path));
        if (OperatingSystem.IsLinux())
        {
            Assert.False(SafeMapping.IsPossible("/proc"));
        }
    }

    private static async Task GoThroughAsync(EventJournal journal, JournalReader reader, Func<bool> until)
    {
        for (var round = 0; !until(); round++)
        {
            await AppendAndDeliverAsync(journal, reader, round);
        }
    }

    private static async Task AppendAndDeliverAsync(EventJournal journal, JournalReader reader, int round)
    {
        await journal.AppendAllAsync(Journals.Ids($"round-{round}", 10), padding: 1000);
        await journal.MarkDeliveredAsync(Journals.ReadAll(reader)[^1].Sequence);
    }

    /// <summary>The file itself, whatever its name becomes.</summary>
    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private static byte[] Bytes(FileStream file)
    {
        var bytes = new byte[file.Length];
        RandomAccess.Read(file.SafeFileHandle, bytes, 0);
        return bytes;
    }

    /// <summary>Zero while the file is none.</summary>
    private static long FirstSequence(FileStream file) => BitConverter.ToInt64(Bytes(file), 16);

    private static List<string> Scan(string path, long segment)
    {
        using var scanner = SegmentScanner.Open(path, segment);
        var size = new FileInfo(path).Length;
        var ids = new List<string>();
        for (var step = scanner.Next(size); step != ScanResult.End; step = scanner.Next(size))
        {
            if (step == ScanResult.Record)
            {
                ids.Add(StoredEvent.Parse(scanner.Record).Id);
            }
        }

        return ids;
    }
}
