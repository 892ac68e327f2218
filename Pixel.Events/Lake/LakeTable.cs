namespace Pixel.Events.Lake;

/// <summary>
/// A table of the lake that the catalog worker writes, beside that of events: the lake template declares it from here, and
/// the worker writes by it.
/// </summary>
/// <param name="Name">Its name in the Glue database.</param>
/// <param name="Description">What a row is.</param>
/// <param name="Folder">Its folder in the bucket, with the closing slash.</param>
/// <param name="Format"><c>parquet</c>, or <c>json</c>: JSON lines.</param>
/// <param name="Columns">Its columns; new ones are only ever added at the end.</param>
/// <param name="PartitionColumns">Those of the event table's partition columns that it is partitioned by, too.</param>
public sealed record LakeTable(
    string Name, string Description, string Folder, string Format, IReadOnlyList<EventColumn> Columns, IReadOnlyList<string> PartitionColumns)
{
    /// <summary>What the worker's jobs did.</summary>
    public static LakeTable JobRuns { get; } = new(
        "job_runs",
        "One row for each run of a job of the catalog worker",
        "job_runs/",
        "json",
        [
            new("job", "string", "The job"),
            new("outcome", "string", "succeeded, unfinished, refused, failed or stopped"),
            new("trigger", "string", "start, schedule, retry, continuation or request"),
            new("started_at", "timestamp", "When it began, UTC"),
            new("seconds", "double", "How long it took"),
            new("counts", "map<string,bigint>", "What it did"),
            new("error", "string", "Why it failed"),
            new("notes", "array<string>", "What its reader should know"),
            new("fence", "bigint", "The fencing token of its lock"),
            new("host", "string", "The machine it ran on"),
        ],
        []);

    /// <summary>Days in few rows, for long ranges.</summary>
    public static LakeTable DailyRollup { get; } = new(
        "daily_rollup",
        "One row for each combination of the first columns on one day (UTC, by arrival), without duplicates and without ledger events",
        "rollup/daily/",
        "parquet",
        [
            new("third_party", "string", "The site or partner that carries the pixel"),
            new("event_name", "string", "What happened"),
            new("page_host", "string", "Host of the page"),
            new("referrer_host", "string", "Host of the page before"),
            new("utm_source", "string", "From the event"),
            new("utm_campaign", "string", "From the event"),
            new("country", "string", "Visitor's country"),
            new("device", "string", "Kind of device"),
            new("is_bot", "boolean", "True when programs made the requests"),
            new("events", "bigint", "How many"),
            new("users", "bigint", "Distinct user_id but unknown; not to be added up over rows"),
            new("visitors", "bigint", "Distinct visitor_id; not to be added up over rows"),
            new("first_at", "timestamp", "Arrival of the first, UTC"),
            new("last_at", "timestamp", "Arrival of the last, UTC"),
        ],
        ["year", "month", "day"]);

    /// <summary>Whether all that was accepted was delivered.</summary>
    public static LakeTable LedgerHours { get; } = new(
        "ledger_hours",
        "One row for each beacon process and hour (UTC, by receipt): what it accepted and what is in the lake",
        "ledger_hours/",
        "json",
        [
            new("hour", "timestamp", "The hour of received_at, UTC"),
            new("beacon_id", "string", "The beacon process"),
            new("first_seq", "bigint", "Its first number in the hour"),
            new("last_seq", "bigint", "Its last number in the hour"),
            new("delivered", "bigint", "Distinct numbers in the lake"),
            new("received", "bigint", "Requests, as the beacon counted them"),
            new("accepted", "bigint", "Events accepted, as the beacon counted them"),
            new("dropped", "bigint", "Requests dropped, as the beacon counted them"),
            new("missing", "bigint", "Numbers between first and last that are not in the lake"),
            new("gaps", "string", "The missing numbers, such as 17-19,25"),
            new("verdict", "string", "provisional until the late window has passed, then final"),
            new("checked_at", "timestamp", "When this was found out, UTC"),
        ],
        []);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<LakeTable> All { get; } = [JobRuns, DailyRollup, LedgerHours];
}
