namespace Infrastructure.Worker;

/// <summary>A job of the catalog worker and when it runs in AWS: as the worker's own schedules have it, in EventBridge's form.</summary>
/// <param name="Name">Its name in <c>POST /jobs/{name}</c>.</param>
/// <param name="Cron">The worker's own expression, of five fields.</param>
/// <param name="Description">What it does, for people in the console.</param>
internal sealed record ScheduledJob(string Name, string Cron, string Description)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ScheduledJob> All { get; } =
    [
        new("schema", "6 * * * *", "Compares the field file, the table and the newest file"),
        new("load-partitions", "16 * * * *", "Registers hours that have objects, and those to come"),
        new("views", "26 * * * *", "Makes the views what their files say"),
        new("compaction", "35 * * * *", "Makes few sorted files of an hour's many"),
        new("repair-partitions", "40 3 * * *", "Compares the whole lake with all partitions"),
        new("retention", "20 4 * * *", "Lets go of what is too old"),
        new("erasure", "40 * * * *", "Carries out the erasures that were asked for"),
        new("redrive", "*/15 * * * *", "Sends again what did not reach the lake"),
        new("rollup", "50 * * * *", "Sums up days"),
        new("ledger", "55 * * * *", "Proves that accepted events are in the lake, or names those that are not"),
        new("alerts", "*/15 * * * *", "Tells when traffic stops or jumps, or a backlog grows"),
    ];

    /// <summary>The logical id: <c>load-partitions</c> becomes <c>LoadPartitions</c>.</summary>
    public string Id => string.Concat(Name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>
    /// The expression in EventBridge Scheduler's form, which has a field for the year, wants <c>?</c> for one of the two kinds
    /// of days, and writes a step from 0.
    /// </summary>
    public string Schedule => Cron.Split(' ') is [var minute, var hour, "*", "*", "*"]
        ? $"cron({minute.Replace("*/", "0/")} {hour} * * ? *)"
        : throw new InvalidOperationException($"{Cron} is no schedule of hours and minutes.");
}
