using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.S3;
using Amazon.S3.Model;
using Catalog.Worker.LateWindow;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Jobs.Record;

/// <summary>
/// Keeps every run in the lake, as a row of the table <c>job_runs</c>: JSON lines below <c>job_runs/</c>. A run that could
/// not be written, because S3 was away, is written together with the next one.
/// </summary>
/// <remarks>
/// An object holds the runs of one job in one worker on one day, up to a hundred, and is written anew with each of them:
/// one call a run, and few small objects. Runs of one job come one after another, so its entry needs no lock; the
/// dictionary is guarded by <see cref="_lock"/>.
/// </remarks>
internal sealed partial class JobRunLog(IAmazonS3 s3, IOptions<LakeOptions> lake, ILogger<JobRunLog> logger)
{
    private const int RunsPerObject = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Page> _pages = [];
    private readonly string _worker = Guid.NewGuid().ToString("N")[..12];

    /// <summary>Adds a run.</summary>
    public async Task AppendAsync(JobRun run, CancellationToken cancellationToken)
    {
        var page = PageFor(run);
        page.Lines.Append(JsonSerializer.Serialize(JobRunRow.Of(run), JobRunRowJson.Default.JobRunRow)).Append('\n');
        page.Runs++;
        page.IsWritten = false;
        try
        {
            await s3.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = lake.Value.LakeBucketName,
                    Key = page.Key,
                    ContentBody = page.Lines.ToString(),
                    ContentType = "application/x-ndjson",
                },
                cancellationToken);
            page.IsWritten = true;
        }
        catch (Exception e) when (JobFailure.Explain(e) is { } sentence)
        {
            LogNotWritten(run.Job, sentence);
        }
    }

    private Page PageFor(JobRun run)
    {
        var day = run.StartedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        lock (_lock)
        {
            // One that could not be written yet is gone on with, full or of yesterday.
            if (!_pages.TryGetValue(run.Job, out var page) || (page.IsWritten && (page.Day != day || page.Runs >= RunsPerObject)))
            {
                var time = run.StartedAt.UtcDateTime.ToString("HHmmssfff", CultureInfo.InvariantCulture);
                _pages[run.Job] = page = new(day, $"{LakeTable.JobRuns.Folder}{day}-{time}-{run.Job}-{_worker}.json");
            }

            return page;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The run of {Job} is not in job_runs yet: {Sentence}")]
    private partial void LogNotWritten(string job, string sentence);

    private sealed class Page(string day, string key)
    {
        public string Day { get; } = day;

        public string Key { get; } = key;

        public StringBuilder Lines { get; } = new();

        public int Runs { get; set; }

        public bool IsWritten { get; set; }
    }
}

/// <summary>A row of <see cref="LakeTable.JobRuns"/>.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="Outcome">How it ended, in lower case.</param>
/// <param name="Trigger">What made it run, in lower case.</param>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Counts">What it did.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
/// <param name="Notes">What its reader should know.</param>
/// <param name="Fence">The fencing token it held; null when it never got its lock.</param>
/// <param name="Host">The machine it ran on.</param>
internal sealed record JobRunRow(
    string Job, string Outcome, string Trigger, string StartedAt, double Seconds, IReadOnlyDictionary<string, long> Counts, string? Error,
    IReadOnlyList<string> Notes, long? Fence, string Host)
{
    public static JobRunRow Of(JobRun run) => new(
        run.Job,
        run.Outcome.ToString().ToLowerInvariant(),
        run.Trigger.ToString().ToLowerInvariant(),
        Hours.Text(run.StartedAt),
        run.Seconds,
        run.Counts,
        run.Error,
        run.Notes,
        run.Fence,
        Environment.MachineName);
}

[JsonSerializable(typeof(JobRunRow))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class JobRunRowJson : JsonSerializerContext;
