using Beacon.Api.Journal;

namespace Beacon.Api.Tests.Journal;

public sealed class CorruptionTests : IDisposable
{
    private const int Count = 6;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_segment_cut_at_any_byte_still_gives_every_event_before_the_cut()
    {
        var (bytes, offsets) = await WriteAsync();

        for (var length = 0; length < bytes.Length; length++)
        {
            using var copy = new TempFolder();
            File.WriteAllBytes(copy[SegmentFormat.FileName(1)], bytes[..length]);

            var found = Journals.ReadFolder(copy.Path).Select(e => e.Id).ToList();

            // A record is whole once its payload is; its padding may be missing.
            var whole = Enumerable.Range(0, Count).Count(i => length >= PayloadEnd(bytes, offsets[i]));
            Assert.Equal(Journals.Ids("e", whole), found);
            Assert.False(HasDamage(copy.Path), $"A tail cut at {length} was called damage.");
        }
    }

    [Fact]
    public async Task A_flipped_bit_anywhere_costs_at_most_the_event_it_is_in()
    {
        var (bytes, offsets) = await WriteAsync();

        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var at = bit / 8;
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= (byte)(1 << (bit % 8));
            var hit = offsets.FindLastIndex(offset => offset <= at);
            var expected = Journals.Ids("e", Count).Where((_, i) => i != hit || at >= PayloadEnd(bytes, offsets[i]));

            Assert.Equal(expected, Scan(damaged));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_hole_is_set_aside_with_its_position_and_hides_nothing_behind_it(int first)
    {
        var (bytes, offsets) = await WriteAsync();
        bytes.AsSpan((int)offsets[first]..(int)offsets[first + 1]).Clear();
        File.WriteAllBytes(Journals.Segments(_folder.Path)[0], bytes);

        var found = Journals.ReadFolder(_folder.Path).Select(e => e.Id);

        Assert.Equal(Journals.Ids("e", Count).Where((_, i) => i != first), found);
        var aside = Assert.Single(Directory.GetFiles(_folder["quarantine"]));
        Assert.Equal($"{1:D20}-{offsets[first]}.damaged", Path.GetFileName(aside));
        Assert.Equal(offsets[first + 1] - offsets[first], new FileInfo(aside).Length);
    }

    [Fact]
    public async Task Damage_is_counted_once_however_often_it_is_met()
    {
        var (bytes, offsets) = await WriteAsync();
        bytes[offsets[2] + SegmentFormat.RecordHeaderSize] ^= 1;
        File.WriteAllBytes(Journals.Segments(_folder.Path)[0], bytes);
        var meters = Journals.MeterFactory();
        using var counted = new Microsoft.Extensions.Diagnostics.Metrics.Testing.MetricCollector<long>(
            meters, JournalMetrics.MeterName, "pixel.journal.damaged");
        var metrics = new JournalMetrics(meters);

        for (var start = 0; start < 3; start++)
        {
            using var journal = Journals.Open(_folder.Path);
            using var reader = Journals.Read(journal, metrics);
            Assert.Equal(Count - 1, Journals.ReadAll(reader).Count);
        }

        Assert.Equal(1, counted.GetMeasurementSnapshot().Sum(m => m.Value));
    }

    [Fact]
    public async Task Random_garbage_between_segments_bytes_never_stops_the_reader()
    {
        var (bytes, offsets) = await WriteAsync();
        var random = new Random(20261123);
        for (var round = 0; round < 300; round++)
        {
            var damaged = (byte[])bytes.Clone();
            var from = random.Next(damaged.Length);
            var to = random.Next(from, damaged.Length);
            random.NextBytes(damaged.AsSpan(from..to));

            var untouched = Journals.Ids("e", Count).Where((_, i) => PayloadEnd(bytes, offsets[i]) <= from || offsets[i] >= to);

            Assert.Subset(Scan(damaged).ToHashSet(), untouched.ToHashSet());
        }
    }

    [Fact]
    public async Task Records_of_another_segment_do_not_come_back_to_life()
    {
        // What a file system may hand out again: the bytes of a former segment, behind a new one's records.
        var (old, offsets) = await WriteAsync();
        using var later = new TempFolder();
        new Checkpoint(later.Path).Write(100);
        using (var journal = Journals.Open(later.Path))
        {
            await journal.AppendAllAsync(["new"]);
        }

        var segment = Assert.Single(Journals.Segments(later.Path));
        var bytes = File.ReadAllBytes(segment);
        for (var cut = 0; cut < old.Length - offsets[0]; cut += SegmentFormat.Alignment)
        {
            File.WriteAllBytes(segment, [.. bytes, .. old[(int)(offsets[0] + cut)..]]);
            Assert.Equal(["new"], Scan(File.ReadAllBytes(segment), segment: 101));
        }
    }

    [Fact]
    public async Task A_damaged_record_without_room_for_a_copy_keeps_its_whole_segment()
    {
        var (bytes, offsets) = await WriteAsync();
        bytes[offsets[2] + SegmentFormat.RecordHeaderSize] ^= 1;
        File.WriteAllBytes(Journals.Segments(_folder.Path)[0], bytes);
        var inTheWay = _folder["quarantine"];
        File.WriteAllText(inTheWay, "a file where the folder should be");

        using (var journal = Journals.Open(_folder.Path))
        using (var reader = Journals.Read(journal))
        {
            var events = Journals.ReadAll(reader);
            Assert.Equal(Count - 1, events.Count);
            File.Delete(inTheWay);
            await journal.MarkDeliveredAsync(events[^1].Sequence);
        }

        Assert.Empty(Journals.Segments(_folder.Path));
        Assert.Equal(bytes, File.ReadAllBytes(Assert.Single(Directory.GetFiles(inTheWay))));
    }

    private async Task<(byte[] Bytes, List<long> Offsets)> WriteAsync()
    {
        using (var journal = Journals.Open(_folder.Path))
        {
            for (var i = 1; i <= Count; i++)
            {
                await journal.AppendAllAsync([$"e-{i}"], padding: i * 3);
            }
        }

        var path = Assert.Single(Journals.Segments(_folder.Path));
        return (File.ReadAllBytes(path), Journals.Offsets(path));
    }

    private List<string> Scan(byte[] bytes, long segment = 1)
    {
        var path = _folder["scanned"];
        File.WriteAllBytes(path, bytes);
        using var scanner = SegmentScanner.Open(path, segment);
        var ids = new List<string>();
        for (var step = scanner.Next(bytes.Length); step != ScanResult.End; step = scanner.Next(bytes.Length))
        {
            if (step == ScanResult.Record)
            {
                ids.Add(StoredEvent.Parse(scanner.Record).Id);
            }
        }

        return ids;
    }

    private static long PayloadEnd(byte[] bytes, long offset) =>
        offset + SegmentFormat.RecordHeaderSize + BitConverter.ToInt32(bytes, (int)offset + 4);

    private static bool HasDamage(string folder) =>
        Directory.Exists(Path.Combine(folder, "quarantine"))
        && Directory.EnumerateFiles(Path.Combine(folder, "quarantine"), "*.damaged").Any();
}
