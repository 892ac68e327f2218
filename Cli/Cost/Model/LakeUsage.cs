namespace Cli.Cost.Model;

/// <summary>What the lake uses: Firehose, and events kept until they expire, as it is when the first ones have.</summary>
internal static class LakeUsage
{
    /// <param name="traffic">The traffic.</param>
    /// <param name="billedBytes">What Firehose bills for an event.</param>
    /// <param name="assumed">The rest.</param>
    public static IEnumerable<Usage> Of(Traffic traffic, double billedBytes, Assumptions assumed)
    {
        var taken = traffic.PerMonth * billedBytes / Sizes.Gigabyte;
        var aDay = traffic.PerHour * 24 * assumed.ParquetBytes / Sizes.Gigabyte;
        var written = ObjectsPerHour(traffic, assumed) * Traffic.HoursPerMonth;

        // Compaction leaves one object an hour, or one for each 128 MiB of it.
        var compacted = Math.Max(1, aDay / 24 / 0.125) * Traffic.HoursPerMonth;
        return
        [
            new(Part.Firehose, "firehose.ingest", taken),
            new(Part.Firehose, "firehose.conversion", taken),
            new(Part.Storage, "s3.standard", aDay * (assumed.StandardDays + assumed.InputDays)),
            new(Part.Storage, "s3.infrequent", aDay * (assumed.InfrequentDays - assumed.StandardDays)),
            new(Part.Storage, "s3.instant", aDay * (assumed.KeptDays - assumed.InfrequentDays)),
            new(Part.Storage, "s3.puts", written + compacted),
            new(Part.Storage, "s3.to-infrequent", compacted),
            new(Part.Storage, "s3.to-instant", compacted),
            new(Part.Storage, "glue.objects", assumed.KeptDays * 24, IsFixed: true), // a partition an hour
            new(Part.Storage, "kms.keys", assumed.Keys, IsFixed: true),
            new(Part.Storage, "kms.requests", assumed.Keys * assumed.KeyRequests, IsFixed: true),
        ];
    }

    /// <summary>What Firehose writes in an hour: when its buffer is full by time or by size.</summary>
    public static double ObjectsPerHour(Traffic traffic, Assumptions assumed) =>
        Math.Max(3600 / assumed.Buffer.TotalSeconds, traffic.PerHour * assumed.EventBytes / (assumed.BufferMebibytes * (1 << 20)));
}
