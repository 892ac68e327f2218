namespace Cli.Cost.Model;

/// <summary>What the worker's jobs use, each a Lambda function on a schedule, and what people ask.</summary>
/// <remarks>
/// Schedules and statements are those of <c>Catalog.Worker</c>. What a statement reads of an event is the sum of its columns
/// as they were measured in Parquet: <c>event_id</c> 28 bytes, <c>received_at</c> 5.4, <c>beacon_seq</c> 4,
/// <c>params</c> 5.4; text that real traffic has more of is counted twice.
/// </remarks>
internal static class JobUsage
{
    // Athena bills 10 MB for a query that scans less.
    private const double LeastScan = 10 << 20;

    // A reader asks S3 for about this much at a time.
    private const double BytesPerGet = 8 << 20;

    public static IEnumerable<Usage> Of(Traffic traffic, Assumptions assumed)
    {
        var jobs = Jobs(assumed);
        var runs = jobs.Sum(job => job.PerDay) * Traffic.DaysPerMonth;
        var statements = jobs.Sum(job => job.PerDay * job.Statements.Sum(statement => statement.PerRun)) * Traffic.DaysPerMonth;
        var scanned = jobs.Select(job => Scanned(job, traffic)).ToList();
        var (least, more) = (scanned.Sum(bytes => bytes.Least), scanned.Sum(bytes => bytes.More));
        var questions = Scanned(new Job("questions", assumed.QuestionsPerDay, 0, new Statement(1, new Read(24, assumed.QuestionBytes))), traffic);
        var gets = (runs * assumed.GetsPerRun) + (statements * 10);
        return
        [
            new(Part.Jobs, "lambda.requests", runs, IsFixed: true),
            new(Part.Jobs, "lambda.compute", jobs.Sum(job => job.PerDay * job.Seconds) * Traffic.DaysPerMonth * assumed.WorkerGigabytes, IsFixed: true),
            new(Part.Jobs, "scheduler.invocations", runs, IsFixed: true),
            new(Part.Jobs, "sqs.requests", jobs.Single(job => job.Name == "redrive").PerDay * Traffic.DaysPerMonth * 3, IsFixed: true),
            new(Part.Jobs, "glue.requests", (runs * assumed.CatalogRequestsPerRun) + (statements * 5), IsFixed: true),
            new(Part.Jobs, "s3.puts", (runs * assumed.PutsPerRun) + (statements * 2), IsFixed: true),
            new(Part.Jobs, "s3.gets", gets, IsFixed: true),
            new(Part.Jobs, "s3.gets", more / BytesPerGet),
            new(Part.Jobs, "athena.scanned", least / Sizes.Terabyte, IsFixed: true),
            new(Part.Jobs, "athena.scanned", more / Sizes.Terabyte),
            new(Part.Watching, "logs.ingest", runs * assumed.WorkerLogBytes / Sizes.Gigabyte, IsFixed: true),
            new(Part.Questions, "athena.scanned", questions.Least / Sizes.Terabyte, IsFixed: true),
            new(Part.Questions, "athena.scanned", questions.More / Sizes.Terabyte),
        ];
    }

    /// <summary>The jobs, as the worker schedules them in production.</summary>
    public static IReadOnlyList<Job> Jobs(Assumptions assumed)
    {
        var all = assumed.ParquetBytes;
        return
        [
            new("load-partitions", 24, 3),
            new("repair-partitions", 1, 30),
            new("schema", 24, 3),
            new("views", 24, 5),
            // The day so far every hour, since each has new events; yesterday three times more, when its last hours are compacted.
            new("rollup", 24, 20, new Statement(1, new Read(12.5, 60)), new Statement(3 / 24.0, new Read(24, 60))),
            // UNLOAD reads the hour and the ids of the one before; counting reads ids on both sides; once a day fourteen questions.
            new("compaction", 24, 40, new Statement(1, new Read(1, all + 28)), new Statement(1, new Read(1, 4 * 28)), new Statement(14 / 24.0, new Read(1, 35))),
            // What changed since the run an hour before: three quarters of the hour that goes on, the hour before, whose last objects
            // have landed, and the one before that, which was compacted.
            new("ledger", assumed.LedgerRunsPerDay, 15, new Statement(1, new Read((24 / assumed.LedgerRunsPerDay * 2) + 0.75, 22))),
            // One statement: beacons' last words in the hour that goes on, again after each of its four objects and once when it
            // was compacted; and through two views, once an hour, the hour that is judged and the one of a week ago, which was
            // compacted since it was judged itself.
            new("alerts", assumed.AlertsRunsPerDay, 6, new Statement(1, new Read(LastWords(assumed), 18), new Read(48 / assumed.AlertsRunsPerDay, 34), new Read(48 / assumed.AlertsRunsPerDay, 50))),
            new("redrive", 96, 3),
            new("retention", 1, 3),
            new("erasure", 24, 3),
        ];
    }

    // Of each hour what is there at each of the runs in it, and once more when it was compacted.
    private static double LastWords(Assumptions assumed)
    {
        var runs = assumed.AlertsRunsPerDay / 24;
        return (((runs + 1) / 2) + 1) / runs;
    }

    /// <summary>What Athena bills for a month of a job, in bytes: what it would without a single event, and what comes on top.</summary>
    public static (double Least, double More) Scanned(Job job, Traffic traffic)
    {
        var (least, more) = (0.0, 0.0);
        foreach (var statement in job.Statements)
        {
            var perMonth = job.PerDay * statement.PerRun * Traffic.DaysPerMonth;
            least += perMonth * LeastScan;
            more += perMonth * Math.Max(0, (statement.Reads.Sum(read => read.Hours * read.Bytes) * traffic.PerHour) - LeastScan);
        }

        return (least, more);
    }
}

/// <summary>A job of the worker.</summary>
/// <param name="Name">Its name.</param>
/// <param name="PerDay">Its runs a day.</param>
/// <param name="Seconds">How long one takes, most of it waiting for Athena.</param>
/// <param name="Statements">What it asks Athena.</param>
internal sealed record Job(string Name, double PerDay, double Seconds, params Statement[] Statements);

/// <summary>A statement that a job sends to Athena.</summary>
/// <param name="PerRun">How often a run sends it.</param>
/// <param name="Reads">What it reads; Athena bills all of it together.</param>
internal sealed record Statement(double PerRun, params Read[] Reads);

/// <summary>What a statement reads by one of its tables.</summary>
/// <param name="Hours">The hours of events.</param>
/// <param name="Bytes">What of an event.</param>
internal sealed record Read(double Hours, double Bytes);
