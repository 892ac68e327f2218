using System.Globalization;
using System.Text.Json;

namespace Beacon.Api.Journal;

/// <summary>
/// <c>Beacon.Api journal inspect DIR</c>: prints what is in a journal's folder. Changes nothing, and works beside the
/// beacon that uses the folder.
/// </summary>
internal static class JournalCommand
{
    /// <summary>Runs the command if that is what the arguments ask for.</summary>
    /// <returns>The exit code, or null when the arguments ask for something else.</returns>
    public static int? TryRun(string[] args, TextWriter output, TextWriter error)
    {
        switch (args)
        {
            case ["journal", "inspect", var folder] when Directory.Exists(folder):
                return Inspect(folder, output);

            case ["journal", "inspect", var folder]:
                error.WriteLine($"There is no folder '{folder}'.");
                return 1;

            case ["journal", ..]:
                error.WriteLine("Usage: Beacon.Api journal inspect DIR");
                return 1;

            default:
                return null;
        }
    }

    /// <returns>0, or 2 when something in it is damaged.</returns>
    private static int Inspect(string folder, TextWriter output)
    {
        var delivered = new Checkpoint(folder).Read();
        var beacons = new SortedDictionary<string, Numbering>(StringComparer.Ordinal);
        var damaged = 0;
        long events = 0, undelivered = 0, bytes = 0;

        output.WriteLine(Line($"checkpoint: {(delivered == 0 ? "none" : $"everything up to {delivered} is delivered")}"));
        foreach (var (first, path) in SegmentFormat.Find(folder))
        {
            var size = new FileInfo(path).Length;
            bytes += size;
            output.WriteLine(Line($"{Path.GetFileName(path)}: {size} bytes"));

            using var scanner = SegmentScanner.Open(path, first);
            JournalRecord? earliest = null, latest = null;
            long count = 0;
            for (var step = scanner.Next(size); step != ScanResult.End; step = scanner.Next(size))
            {
                if (step == ScanResult.Damaged)
                {
                    damaged += scanner.Damage.Unfinished ? 0 : 1;
                    output.WriteLine(Line(
                        $"  {(scanner.Damage.Unfinished ? "unfinished write" : "damaged")} at {scanner.Damage.Offset}, {scanner.Damage.Length} bytes"));
                    continue;
                }

                count++;
                earliest ??= scanner.Record with { Payload = default };
                latest = scanner.Record with { Payload = default };
                undelivered += scanner.Record.Sequence > delivered ? 1 : 0;
                Number(beacons, scanner.Record.Payload);
            }

            events += count;
            if (earliest is { } from && latest is { } to)
            {
                output.WriteLine(Line($"  {count} events, {from.Sequence} to {to.Sequence}, {from.AppendedAt:O} to {to.AppendedAt:O}"));
            }
        }

        foreach (var (beacon, numbering) in beacons)
        {
            var missing = numbering.Last - numbering.First + 1 - numbering.Count;
            output.WriteLine(Line(
                $"beacon {beacon}: {numbering.First} to {numbering.Last}{(missing == 0 ? ", none missing" : $", {missing} missing in between")}"));
        }

        output.WriteLine(Line($"{events} events, {undelivered} undelivered, {damaged} damaged stretches, {bytes} bytes"));
        return damaged == 0 ? 0 : 2;
    }

    private static void Number(SortedDictionary<string, Numbering> beacons, ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var json = JsonDocument.Parse(payload);
            if (json.RootElement.TryGetProperty("beacon_id", out var id) && id.ValueKind == JsonValueKind.String
                && json.RootElement.TryGetProperty("beacon_seq", out var sequence)
                && sequence.TryGetInt64(out var number))
            {
                var key = id.GetString() ?? "";
                beacons[key] = beacons.TryGetValue(key, out var seen)
                    ? new Numbering(Math.Min(seen.First, number), Math.Max(seen.Last, number), seen.Count + 1)
                    : new Numbering(number, number, 1);
            }
        }
        catch (JsonException)
        {
            // The journal keeps what it is given; whether that is JSON is its writer's affair.
        }
    }

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);

    private readonly record struct Numbering(long First, long Last, long Count);
}
