using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Beacon.Api.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Api.Tests.Journal;

/// <summary>Builds journals and says in events, not bytes, what they hold.</summary>
internal static class Journals
{
    public static EventJournal Open(
        string folder, long maxSize = 64 << 20, long segmentSize = 1 << 20, JournalSync sync = JournalSync.Process,
        TimeProvider? time = null, ILogger<EventJournal>? logger = null, JournalAccess access = JournalAccess.Mapped, DiskFlush? disk = null) =>
        EventJournal.Open(
            new JournalOptions { Folder = folder, MaxSize = maxSize, SegmentSize = segmentSize, Sync = sync, SyncEvery = TimeSpan.FromMilliseconds(1), Access = access },
            time ?? new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56)),
            logger ?? NullLogger<EventJournal>.Instance,
            disk);

    public static JournalReader Read(EventJournal journal, JournalMetrics? metrics = null) =>
        journal.OpenReader(metrics ?? Metrics(), NullLogger<JournalReader>.Instance);

    public static JournalMetrics Metrics() => new(MeterFactory());

    public static IMeterFactory MeterFactory() =>
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    /// <summary>An open event, as the endpoint makes them, with an id and as much padding as asked for.</summary>
    public static byte[] Event(string id, int padding = 0) =>
        Encoding.UTF8.GetBytes($"{{\"event_id\":\"{id}\",\"pad\":\"{new string('x', padding)}\"");

    public static async Task<AppendResult> AppendAsync(this EventJournal journal, string id, int padding = 0) =>
        await journal.AppendAsync(Event(id, padding), TestContext.Current.CancellationToken);

    public static async Task AppendAllAsync(this EventJournal journal, IEnumerable<string> ids, int padding = 0)
    {
        foreach (var id in ids)
        {
            Assert.Equal(AppendResult.Kept, await journal.AppendAsync(id, padding));
        }
    }

    /// <summary>Lets the time pass that a flush waits for others.</summary>
    public static async Task PassTimeUntilAsync(Task waiting, FakeTimeProvider time)
    {
        while (!waiting.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        await waiting;
    }

    public static IEnumerable<string> Ids(string prefix, int count) => Enumerable.Range(1, count).Select(i => $"{prefix}-{i}");

    public static List<StoredEvent> ReadAll(JournalReader reader)
    {
        var events = new List<StoredEvent>();
        while (reader.TryRead(out var record))
        {
            events.Add(StoredEvent.Parse(record));
        }

        return events;
    }

    /// <summary>What a new process finds in a folder.</summary>
    public static List<StoredEvent> ReadFolder(string folder)
    {
        using var journal = Open(folder);
        using var reader = Read(journal);
        return ReadAll(reader);
    }

    public static string[] Segments(string folder) => [.. SegmentFormat.Find(folder).Select(segment => segment.Path)];

    /// <summary>Where each record of a segment starts, and the segment's end.</summary>
    public static List<long> Offsets(string path)
    {
        var offsets = new List<long>();
        using var scanner = SegmentScanner.Open(path, SegmentFormat.Find(Path.GetDirectoryName(path)!).Single(s => s.Path == path).FirstSequence);
        var size = new FileInfo(path).Length;
        for (var at = scanner.Position; scanner.Next(size) == ScanResult.Record; at = scanner.Position)
        {
            offsets.Add(at);
        }

        return [.. offsets, size];
    }
}

internal sealed record StoredEvent(long Sequence, string Id, string BeaconId, long BeaconSeq)
{
    public static StoredEvent Parse(JournalRecord record)
    {
        var text = Encoding.UTF8.GetString(record.Payload.Span);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(text);
        return new StoredEvent(
            record.Sequence,
            json.RootElement.GetProperty("event_id").GetString()!,
            json.RootElement.GetProperty("beacon_id").GetString()!,
            json.RootElement.GetProperty("beacon_seq").GetInt64());
    }
}
