using Microsoft.Extensions.Logging;
using Beacon.Api.Journal;
using ServiceDefaults;

namespace Beacon.Api.Tests.Journal;

public sealed class MappedRestartTests() : RestartTests(JournalAccess.Mapped);

public sealed class WrittenRestartTests() : RestartTests(JournalAccess.Written);

public abstract class RestartTests(JournalAccess access) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private EventJournal Open(
        string folder, long maxSize = 64 << 20, long segmentSize = 1 << 20, JournalSync sync = JournalSync.Process,
        TimeProvider? time = null, ILogger<EventJournal>? logger = null) =>
        Journals.Open(folder, maxSize, segmentSize, sync, time, logger, access);


    [Fact]
    public async Task A_restart_reads_on_behind_the_checkpoint()
    {
        using (var journal = Open(_folder.Path))
        {
            await journal.AppendAllAsync(Journals.Ids("old", 10));
            using var reader = Journals.Read(journal);
            await journal.MarkDeliveredAsync(Journals.ReadAll(reader)[3].Sequence);
        }

        using (var journal = Open(_folder.Path))
        {
            await journal.AppendAllAsync(Journals.Ids("new", 5));
            using var reader = Journals.Read(journal);
            var events = Journals.ReadAll(reader);

            Assert.Equal([.. Journals.Ids("old", 10).Skip(4), .. Journals.Ids("new", 5)], events.Select(e => e.Id));
            Assert.Equal(2, events.Select(e => e.BeaconId).Distinct().Count());
            Assert.Equal([1L, 2, 3, 4, 5], events.Where(e => e.BeaconId == journal.BeaconId).Select(e => e.BeaconSeq));
        }
    }

    [Fact]
    public async Task Sequences_are_never_used_twice_even_when_everything_was_delivered_and_deleted()
    {
        long last = 0;
        for (var start = 0; start < 4; start++)
        {
            using var journal = Open(_folder.Path);
            await journal.AppendAllAsync(Journals.Ids("e", 7));
            using var reader = Journals.Read(journal);
            var events = Journals.ReadAll(reader);
            Assert.True(events[0].Sequence > last);
            last = events[^1].Sequence;
            await journal.MarkDeliveredAsync(last);
        }

        Assert.Empty(Journals.Segments(_folder.Path));
    }

    [Fact]
    public async Task A_segment_is_deleted_only_when_its_last_event_is_delivered()
    {
        using var journal = Open(_folder.Path, segmentSize: 64 << 10);
        await journal.AppendAllAsync(Journals.Ids("e", 300), padding: 600);
        var segments = Journals.Segments(_folder.Path);
        var second = SegmentFormat.Find(_folder.Path).ElementAt(1).FirstSequence;
        using var reader = Journals.Read(journal);
        Journals.ReadAll(reader);

        await journal.MarkDeliveredAsync(second - 2);
        Assert.Equal(segments, Journals.Segments(_folder.Path));

        await journal.MarkDeliveredAsync(second - 1);
        Assert.Equal(segments[1..], Journals.Segments(_folder.Path));

        await journal.MarkDeliveredAsync(300);
        Assert.Equal(segments[^1..], Journals.Segments(_folder.Path));
    }

    [Fact]
    public async Task Segments_left_by_a_process_that_ended_before_deleting_them_go_at_the_next_start()
    {
        using (var journal = Open(_folder.Path, segmentSize: 64 << 10))
        {
            await journal.AppendAllAsync(Journals.Ids("e", 300), padding: 600);
        }

        var segments = Journals.Segments(_folder.Path);
        new Checkpoint(_folder.Path).Write(SegmentFormat.Find(_folder.Path).Last().FirstSequence);

        using var reopened = Open(_folder.Path);
        Assert.Equal(segments[^1..], Journals.Segments(_folder.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("v1 5 00000000\n")]
    [InlineData("v1 99999999999999999999999 1\n")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0")]
    public async Task An_unreadable_checkpoint_means_delivering_again_never_losing(string content)
    {
        using (var journal = Open(_folder.Path))
        {
            await journal.AppendAllAsync(Journals.Ids("e", 10));
            await journal.MarkDeliveredAsync(5);
        }

        File.WriteAllText(_folder["checkpoint"], content);

        Assert.Equal(Journals.Ids("e", 10), Journals.ReadFolder(_folder.Path).Select(e => e.Id));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_checkpoint_cut_off_anywhere_in_its_last_write_says_at_least_what_it_said_before(int writes)
    {
        var path = _folder["checkpoint"];
        var checkpoint = new Checkpoint(_folder.Path);
        byte[] before = [];
        for (var i = 1; i <= writes; i++)
        {
            before = File.Exists(path) ? File.ReadAllBytes(path) : [];
            checkpoint.Write(i * 100);
        }

        var after = File.ReadAllBytes(path);
        for (var cut = 0; cut <= after.Length; cut++)
        {
            // The first bytes are the new ones, the others as they were: nothing, where the file was shorter.
            File.WriteAllBytes(path, [.. after[..cut], .. before.Skip(cut)]);
            var read = new Checkpoint(_folder.Path).Read();
            Assert.True(read == writes * 100 || read == (writes - 1) * 100, $"cut at {cut}: {read}");
        }

        File.WriteAllBytes(path, after);
        Assert.Equal(writes * 100, new Checkpoint(_folder.Path).Read());
    }

    [Fact]
    public void A_checkpoint_of_the_former_layout_is_read_and_then_written_over()
    {
        File.WriteAllText(_folder["checkpoint"], $"v1 41 {Crc32C.Of("v1 41"u8):x8}\n");
        var checkpoint = new Checkpoint(_folder.Path);
        Assert.Equal(41, checkpoint.Read());

        checkpoint.Write(42);
        Assert.Equal(42, new Checkpoint(_folder.Path).Read());
        checkpoint.Write(43);
        Assert.Equal(43, new Checkpoint(_folder.Path).Read());
        Assert.Equal(["checkpoint"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_second_process_on_the_same_folder_is_refused_with_one_clear_sentence()
    {
        using var journal = Open(_folder.Path);

        var refusal = Assert.Throws<StartupException>(() => Open(_folder.Path));

        Assert.Equal(
            $"Journal:Folder '{_folder.Path}' is in use by another beacon (process {Environment.ProcessId}); each process needs a folder of its own.",
            refusal.Message);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_refused_with_the_settings_name()
    {
        File.WriteAllText(_folder["file"], "");

        var refusal = Assert.Throws<StartupException>(() => Open(Path.Combine(_folder["file"], "journal")));

        Assert.StartsWith($"Journal:Folder '{Path.Combine(_folder["file"], "journal")}' cannot be written: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task A_newer_layout_is_refused_and_not_taken_for_damage()
    {
        using (var journal = Open(_folder.Path))
        {
            await journal.AppendAllAsync(["e"]);
        }

        var path = Assert.Single(Journals.Segments(_folder.Path));
        var bytes = File.ReadAllBytes(path);
        bytes[8] = 2;
        BitConverter.TryWriteBytes(bytes.AsSpan(60), Crc32C.Of(bytes.AsSpan(0, 60)));
        File.WriteAllBytes(path, bytes);

        var refusal = Assert.Throws<StartupException>(() => Open(_folder.Path));
        Assert.Contains("layout 2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_folder_is_free_again_after_a_refused_start_and_after_closing()
    {
        Open(_folder.Path).Dispose();
        Assert.Empty(Journals.ReadFolder(_folder.Path));
        using var journal = Open(_folder.Path);
        await journal.AppendAllAsync(["e"]);
    }
}
