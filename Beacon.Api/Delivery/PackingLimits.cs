namespace Beacon.Api.Delivery;

/// <summary>What Firehose takes, and how it bills. From its quotas and pricing pages.</summary>
/// <param name="RecordBytes">The most bytes of a record before base64: 1,000 KiB.</param>
/// <param name="BatchRecords">The most records of one <c>PutRecordBatch</c>.</param>
/// <param name="BatchBytes">The most bytes of one <c>PutRecordBatch</c>, records together: 4 MiB.</param>
internal sealed record PackingLimits(int RecordBytes, int BatchRecords, int BatchBytes)
{
    public static readonly PackingLimits Firehose = new(1000 << 10, 500, 4 << 20);

    private const int BillingStep = 5 << 10;

    /// <summary>What Firehose bills for a record: its size rounded up to the next 5 KB.</summary>
    public static long Billed(int recordBytes) => (recordBytes + BillingStep - 1L) / BillingStep * BillingStep;
}
