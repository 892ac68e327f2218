using System.Diagnostics;
using LocalCloud.Firehose.Buffers;

namespace LocalCloud.Firehose.Delivery;

/// <summary>A call that put records into a buffer, and is traced.</summary>
/// <param name="Context">The call's span.</param>
/// <param name="Arrival">When it came.</param>
internal readonly record struct TracedCall(ActivityContext Context, DateTimeOffset Arrival)
{
    /// <summary>The most that are followed of one buffer.</summary>
    public const int MostOfABuffer = 32;
}

/// <summary>
/// Shows what AWS does not: how long records lay in a stream before they were an object. One span below each traced call that
/// put some, named <c>Firehose buffer</c>. Kept in memory only: a restart forgets them, and the records arrive all the same.
/// </summary>
internal static class DeliverySpans
{
    private static readonly ActivitySource Source = new("Pixel.LocalCloud");

    /// <summary>Notes that a buffer is delivered.</summary>
    public static void Delivered(SealedBuffer buffer, string stream, DateTimeOffset now)
    {
        var current = Activity.Current;
        foreach (var (context, arrival) in buffer.Calls)
        {
            using var span = Source.StartActivity("Firehose buffer", ActivityKind.Internal, context, startTime: arrival);
            span?.SetTag("aws.firehose.stream", stream).SetTag("aws.s3.key", buffer.Key).SetEndTime(now.UtcDateTime);
        }

        Activity.Current = current;
    }
}
