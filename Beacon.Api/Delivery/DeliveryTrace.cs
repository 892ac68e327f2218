using System.Diagnostics;
using Beacon.Api.Endpoints;
using Pixel.Events;

namespace Beacon.Api.Delivery;

/// <summary>An event on its way whose request was traced.</summary>
/// <param name="Context">The request's span, perhaps of a former process.</param>
/// <param name="KeptAt">When the event was kept, and its wait began.</param>
internal readonly record struct TracedEvent(ActivityContext Context, DateTimeOffset KeptAt)
{
    /// <summary>The most of one batch that are followed: enough to see what happens, where every request is traced, too.</summary>
    public const int MostOfABatch = 32;

    /// <summary>Finds out whether an event is to be followed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, DateTimeOffset keptAt, out TracedEvent traced)
    {
        if (DeliveryTrace.IsWanted && Traceparent.TryRead(line, out ActivityContext context) && context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
        {
            traced = new TracedEvent(context, keptAt);
            return true;
        }

        traced = default;
        return false;
    }
}

/// <summary>
/// Goes on with the traces of events that are put together. Each has two spans of its own below its request: its wait
/// until it was on its way, and <c>deliver</c>, until it was taken. A call of AWS can be below one span only, which is the
/// first event's; those of the others are linked with it.
/// </summary>
/// <remarks>
/// The one that is made is the current span's owner until it is disposed of, in the method that made it and in what that
/// awaits. Times are the clock's that stamped the events.
/// </remarks>
internal sealed class DeliveryTrace : IDisposable
{
    private static readonly ActivitySource Source = new(BeaconTracing.SourceName);

    private readonly List<Activity> _spans = [];
    private readonly Activity? _before = Activity.Current;
    private readonly TimeProvider _time;
    private string? _leftIn;

    private DeliveryTrace(DeliveryBatch batch, string waitedIn, string leftIn, TimeProvider time)
    {
        _time = time;
        _leftIn = leftIn;
        var now = time.GetUtcNow();
        var (events, bytes) = (batch.Records.Sum(record => record.Events), batch.Records.Sum(record => record.Length));
        ActivityContext first = default;
        foreach (var (context, keptAt) in batch.Traced)
        {
            using (var wait = Source.StartActivity(waitedIn, ActivityKind.Internal, context, startTime: keptAt))
            {
                wait?.SetEndTime(now.UtcDateTime);
            }

            var links = first == default ? batch.Traced.Skip(1).Select(other => new ActivityLink(other.Context)) : [new ActivityLink(first)];
            if (Source.StartActivity("deliver", ActivityKind.Producer, context, links: links, startTime: now) is { } span)
            {
                first = first == default ? span.Context : first;
                span.SetTag("pixel.delivery.events", events).SetTag("pixel.delivery.bytes", bytes);
                _spans.Add(span);
            }
        }

        Activity.Current = _spans.FirstOrDefault() ?? _before;
    }

    /// <summary>Whether anybody looks at spans.</summary>
    public static bool IsWanted => Source.HasListeners();

    /// <summary>Begins the spans; null when no event of the batch is traced.</summary>
    /// <param name="batch">What is put.</param>
    /// <param name="waitedIn">What the events waited in: the first span's name.</param>
    /// <param name="leftIn">What becomes of them if this ends without <see cref="Delivered"/>.</param>
    /// <param name="time">The clock.</param>
    public static DeliveryTrace? Begin(DeliveryBatch batch, string waitedIn, string leftIn, TimeProvider time) =>
        batch.Traced.Count == 0 ? null : new DeliveryTrace(batch, waitedIn, leftIn, time);

    /// <summary>Notes a put that failed; others may follow.</summary>
    public void Failed(PutFailure failure)
    {
        foreach (var span in _spans)
        {
            span.AddEvent(new ActivityEvent("put failed", _time.GetUtcNow(), new() { ["error.type"] = failure.Code, ["error.message"] = failure.Message }));
        }
    }

    /// <summary>Notes that Firehose has taken everything.</summary>
    public void Delivered() => _leftIn = null;

    /// <summary>Ends the spans.</summary>
    public void Dispose()
    {
        var now = _time.GetUtcNow().UtcDateTime;
        foreach (var span in _spans)
        {
            if (_leftIn is { } left)
            {
                span.SetStatus(ActivityStatusCode.Error, left);
            }

            span.SetEndTime(now);
            span.Dispose();
        }

        Activity.Current = _before;
    }
}
