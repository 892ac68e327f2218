namespace Beacon.Api.Endpoints;

/// <summary>
/// What became of a request for the pixel: its event was accepted, or the request was dropped for one of a closed set
/// of reasons. Either way the visitor gets the image; a value, because there is one for every request.
/// </summary>
internal readonly record struct Verdict
{
    private Verdict(DropReason? reason) => Reason = reason;

    /// <summary>The event is kept.</summary>
    public static Verdict Accepted => default;

    /// <summary>Why there is no event, or null when there is.</summary>
    public DropReason? Reason { get; }

    /// <summary>There is no event.</summary>
    public static Verdict Dropped(DropReason reason) => new(reason);
}

/// <summary>Every reason for which a request leaves no event. Each is a value of the metric's tag <c>reason</c>.</summary>
internal enum DropReason
{
    /// <summary>The query has more characters than <c>Beacon:MaxQueryLength</c>. Status 414.</summary>
    QueryTooLong,

    /// <summary>The journal has no room. Status 503 with <c>Retry-After</c>.</summary>
    JournalFull,

    /// <summary>The journal could not be written. Status 503 with <c>Retry-After</c>.</summary>
    JournalFailed,

    /// <summary>Neither Firehose nor what stands in for it took the event in time. Status 503 with <c>Retry-After</c>.</summary>
    DeliveryFailed,

    /// <summary>The beacon itself failed: a defect, logged with its trace. Status 500.</summary>
    Defect,

    /// <summary>The server could not read it as HTTP, and refused it itself. Status as the server says, mostly 400.</summary>
    MalformedRequest,

    /// <summary>It came past CloudFront, through which all must come where <c>Proxy:OriginSecret</c> is set. Status 403.</summary>
    PastTheEdge,
}

internal static class DropReasons
{
    /// <summary>The reason as metrics and the header <c>x-pixel-dropped</c> name it.</summary>
    public static string ToName(this DropReason reason) => reason switch
    {
        DropReason.QueryTooLong => "query_too_long",
        DropReason.JournalFull => "journal_full",
        DropReason.JournalFailed => "journal_failed",
        DropReason.DeliveryFailed => "delivery_failed",
        DropReason.Defect => "defect",
        DropReason.PastTheEdge => "past_the_edge",
        _ => "malformed_request",
    };

    /// <summary>The status that tells it: never 200, which means kept.</summary>
    public static int ToStatus(this DropReason reason) => reason switch
    {
        DropReason.QueryTooLong => StatusCodes.Status414UriTooLong,
        DropReason.JournalFull or DropReason.JournalFailed or DropReason.DeliveryFailed => StatusCodes.Status503ServiceUnavailable,
        DropReason.Defect => StatusCodes.Status500InternalServerError,
        DropReason.PastTheEdge => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status400BadRequest,
    };
}
