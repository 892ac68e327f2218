using Beacon.Api.Journal;
using Microsoft.Extensions.Logging.Testing;

namespace Beacon.Api.Tests.Journal;

public sealed class MappedSegmentTests : IDisposable
{
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
    public async Task A_reused_segment_cut_at_every_byte_gives_its_new_events_and_never_an_old_one()
    {
        byte[] old;
        using (var journal = Journals.Open(_folder.Path, segmentSize: 64 << 10))
        using (var reader = Journals.Read(journal))
        {
            await journal.AppendAllAsync(Journals.Ids("old", 200), padding: 300);
            old = File.ReadAllBytes(Journals.Segments(_folder.Path)[0]);
            await journal.MarkDeliveredAsync(Journals.ReadAll(reader)[^1].Sequence);
            Assert.True(File.Exists(_folder["spare.segment"]) || File.Exists(_folder["next.segment"]));
        }

        using var later = new TempFolder();
        var checkpoint = new Checkpoint(later.Path);
        checkpoint.Write(1000);
        using (var journal = Journals.Open(later.Path, segmentSize: 64 << 10))
        {
            await journal.AppendAllAsync(Journals.Ids("new", 8), padding: 40);
        }

        var path = Assert.Single(Journals.Segments(later.Path));
        var bytes = File.ReadAllBytes(path);
        var offsets = Journals.Offsets(path);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            // Filled and written up to here, and still the former segment's from here on.
            File.WriteAllBytes(path, [.. bytes[..cut], .. old[cut..]]);
            var whole = Enumerable.Range(0, 8).Count(i => cut >= offsets[i] + SegmentFormat.RecordHeaderSize + BitConverter.ToInt32(bytes, (int)offsets[i] + 4));
            Assert.Equal(Journals.Ids("new", whole), Scan(path, 1001));
        }
    }

    [Fact]
    public async Task The_file_of_a_delivered_segment_is_used_again()
    {
        using var journal = Journals.Open(_folder.Path, segmentSize: 64 << 10, maxSize: 1 << 20);
        using var reader = Journals.Read(journal);
        for (var round = 0; round < 60; round++)
        {
            await journal.AppendAllAsync(Journals.Ids("e", 50), padding: 1000);
            await journal.MarkDeliveredAsync(Journals.ReadAll(reader)[^1].Sequence);
            Assert.InRange(journal.Status.Size, 0, 1 << 20);
        }

        Assert.InRange(Directory.GetFiles(_folder.Path, "*.segment").Length, 0, 2);
        Assert.InRange(journal.Status.Size, 64 << 10, 5 * (64 << 10)); // however much has gone through
        Assert.InRange(Journals.Segments(_folder.Path).Length, 1, 3);
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
    public async Task A_folder_in_which_no_segment_can_be_prepared_still_takes_events()
    {
        var log = new FakeLogCollector();
        Directory.CreateDirectory(_folder["next.segment"]);
        File.WriteAllText(Path.Combine(_folder["next.segment"], "in-the-way"), "");

        var refusal = Record.Exception(() =>
        {
            using var journal = Journals.Open(_folder.Path, logger: new FakeLogger<EventJournal>(log));
        });

        Assert.NotNull(refusal); // a folder that cannot be cleaned is said at the start
        Directory.Delete(_folder["next.segment"], recursive: true);
        using var later = Journals.Open(_folder.Path);
        await later.AppendAllAsync(["e"]);
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
