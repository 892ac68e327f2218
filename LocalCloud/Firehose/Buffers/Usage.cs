namespace LocalCloud.Firehose.Buffers;

/// <summary>What a stream has taken in, counted as AWS bills it.</summary>
/// <param name="Records">Records taken in.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="BilledBytes">Their bytes, each record rounded up to the next 5 KB (5,120 bytes): what ingestion is billed by.</param>
/// <param name="ConvertedBytes">The billed bytes of records that are converted to Parquet: billed once more, for the conversion.</param>
public sealed record Usage(long Records, long Bytes, long BilledBytes, long ConvertedBytes)
{
    private const int BillingStep = 5 * 1024;

    /// <summary>Nothing.</summary>
    public static Usage None { get; } = new(0, 0, 0, 0);

    /// <summary>Both together.</summary>
    public static Usage operator +(Usage a, Usage b) =>
        new(a.Records + b.Records, a.Bytes + b.Bytes, a.BilledBytes + b.BilledBytes, a.ConvertedBytes + b.ConvertedBytes);

    /// <summary>This and one record more.</summary>
    internal Usage With(int bytes, bool converted)
    {
        // An empty record is billed as the smallest one.
        var billed = Math.Max(1, (bytes + BillingStep - 1) / BillingStep) * BillingStep;
        return new Usage(Records + 1, Bytes + bytes, BilledBytes + billed, ConvertedBytes + (converted ? billed : 0));
    }
}
