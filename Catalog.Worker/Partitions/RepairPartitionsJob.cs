using Catalog.Worker.Compaction;
using Catalog.Worker.Jobs;

namespace Catalog.Worker.Partitions;

/// <summary>Mends what differs between the lake and its partitions (<see cref="PartitionRepair"/>), wherever it came from.</summary>
internal sealed class RepairPartitionsJob(PartitionRepair repair) : IJob
{
    public const string JobName = "repair-partitions";

    public string Name => JobName;

    public string LockName => CompactionJob.RewriteLock;

    public async Task<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var calls = new AwsCalls();
        var outcome = await repair.RunAsync(context, calls, cancellationToken);
        return JobResult.Of(
            new("added", outcome.Added),
            new("removed", outcome.Removed),
            new("hoursListed", outcome.HoursListed),
            new("partitions", outcome.Partitions),
            new("awsCalls", calls.Made)) with { Notes = outcome.Notes };
    }
}
