namespace Pixel.Events;

/// <summary>
/// The columns that every event has, whatever the field file says. The constants are their places in
/// <see cref="EventSchema.Columns"/>; new ones are only ever added at the end.
/// </summary>
public static class BuiltIn
{
    /// <summary>UUIDv7 of the time of arrival; the key by which duplicates are found.</summary>
    public const int EventId = 0;

    /// <summary>When the request arrived.</summary>
    public const int ReceivedAt = 1;

    /// <summary>Host of <c>page_url</c>.</summary>
    public const int PageHost = 2;

    /// <summary>Path of <c>page_url</c>.</summary>
    public const int PagePath = 3;

    /// <summary>Host of <c>referrer</c>.</summary>
    public const int ReferrerHost = 4;

    /// <summary>The header <c>User-Agent</c>.</summary>
    public const int UserAgent = 5;

    /// <summary>Browser, from the user agent.</summary>
    public const int Browser = 6;

    /// <summary>Operating system, from the user agent.</summary>
    public const int Os = 7;

    /// <summary>Kind of device, from the user agent.</summary>
    public const int Device = 8;

    /// <summary>Whether the request came from a program rather than a person.</summary>
    public const int IsBot = 9;

    /// <summary>For mail: what kind of opening it was.</summary>
    public const int OpenClass = 10;

    /// <summary>The masked address of the visitor.</summary>
    public const int Ip = 11;

    /// <summary>The visitor's country.</summary>
    public const int Country = 12;

    /// <summary>Pseudonym of the visitor for one day.</summary>
    public const int VisitorId = 13;

    /// <summary>What the visitor allowed or refused.</summary>
    public const int Consent = 14;

    /// <summary>Whether the pixel's signature was right.</summary>
    public const int Verified = 15;

    /// <summary>The query as it came, less what privacy removes.</summary>
    public const int Query = 16;

    /// <summary>The parameters that no field took.</summary>
    public const int Params = 17;

    /// <summary>The beacon process that accepted the event.</summary>
    public const int BeaconId = 18;

    /// <summary>The event's number in that process.</summary>
    public const int BeaconSeq = 19;

    /// <summary>The trace of the request, of the few that are traced.</summary>
    public const int Traceparent = 20;

    /// <summary>How many there are.</summary>
    public const int Count = 21;

    /// <summary>The columns, at the places the constants say.</summary>
    internal static readonly EventColumn[] Columns =
    [
        new("event_id", "string", "UUIDv7, unique; the same event delivered twice has the same id"),
        new("received_at", "timestamp", "Arrival at the beacon, UTC, milliseconds"),
        new("page_host", "string", "Host of page_url"),
        new("page_path", "string", "Path of page_url"),
        new("referrer_host", "string", "Host of referrer"),
        new("user_agent", "string", "User-Agent header"),
        new("browser", "string", "Browser family"),
        new("os", "string", "Operating system family"),
        new("device", "string", "Kind of device"),
        new("is_bot", "boolean", "True when a program made the request"),
        new("open_class", "string", "Kind of mail opening"),
        new("ip", "string", "Visitor's network: IPv4 /24, IPv6 /48"),
        new("country", "string", "Visitor's country, ISO 3166 alpha-2"),
        new("visitor_id", "string", "Pseudonym of the visitor, valid for one day, made without cookies"),
        new("consent", "string", "granted, denied, gpc, dnt or unknown; with the middle three identifiers are removed"),
        new("verified", "boolean", "True when the pixel was signed and the signature is right"),
        new("query", "string", "Query as it came, less what privacy removes"),
        new("params", "map<string,string>", "Parameters that no field took; keys in lower case, several values joined by commas"),
        new("beacon_id", "string", "Beacon process that accepted the event"),
        new("beacon_seq", "bigint", "Number of the event in that process, without gaps"),
        new(Pixel.Events.Traceparent.Column, "string", "Trace of the request as W3C writes it; only of the few events that were traced"),
    ];

    /// <summary>What may be in each of them. Together the texts stay within what EventLimits counts for them.</summary>
    internal static EventSchema.Rule RuleOf(int place) => place switch
    {
        EventId or ReceivedAt or Params or BeaconId or BeaconSeq or Traceparent => default,
        IsBot or Verified => new(FieldType.Boolean, 1),
        Query => new(FieldType.String, EventLimits.Query),
        PagePath => new(FieldType.String, 2048),
        UserAgent => new(FieldType.String, 1024),
        PageHost or ReferrerHost => new(FieldType.String, 255), // the longest DNS name
        _ => new(FieldType.String, 128),
    };
}
