namespace Pixel.Events;

/// <summary>
/// The event by which a beacon tells its own counts. It takes the way of all events and a number of the same sequence, and
/// the counts stand in <c>params</c>, as decimal numbers; every other column is null. No request can make one.
/// </summary>
public static class LedgerEvent
{
    /// <summary>Its <c>event_name</c>.</summary>
    public const string Name = "ledger";

    /// <summary>What the beacon writes as <c>event_name</c> when a request asks for <see cref="Name"/>, in whatever case.</summary>
    public const string RequestedName = "ledger_request";

    /// <summary>The place of the column that carries the name, or -1 when the field file has none that is a text.</summary>
    public static int PlaceOfName(EventSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        int place = schema.PlaceOf("event_name");
        return place >= 0 && schema.Columns[place].GlueType == "string" ? place : -1;
    }

    /// <summary>When the counts begin, UTC: the beacon's start, or the ledger event before. ISO 8601 with milliseconds.</summary>
    public const string Since = "since";

    /// <summary>Requests for the pixel.</summary>
    public const string Received = "received";

    /// <summary>Requests whose event is kept; ledger events are not counted.</summary>
    public const string Accepted = "accepted";

    /// <summary>Requests that left no event.</summary>
    public const string Dropped = "dropped";

    /// <summary>What the number of each reason's drops begins with, such as <c>dropped_journal_full</c>; only where there were some.</summary>
    public const string DroppedPrefix = "dropped_";

    /// <summary>Events kept that Firehose has not acknowledged yet.</summary>
    public const string Undelivered = "undelivered";

    /// <summary>About since when the oldest of them waits, UTC; only where there are some.</summary>
    public const string OldestUndelivered = "oldest_undelivered";

    /// <summary><c>true</c> in the one that a beacon writes when it stops.</summary>
    public const string Last = "last";
}
