using System.Globalization;
using Amazon.Glue;
using Amazon.Glue.Model;
using Catalog.Worker.Jobs;
using Catalog.Worker.Partitions;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Rollup;

/// <summary>The table <c>daily_rollup</c>: a partition is a day, and its location is one version of it.</summary>
internal sealed class RollupTable(IAmazonGlue glue, PartitionTable partitions, LakeListing listing, LakeObjects lakeObjects, IOptions<LakeOptions> lake)
{
    private const string SourceParameter = "pixel.rollup.source";
    private const string FenceParameter = "pixel.rollup.fence";

    /// <summary>How long a replaced version stays for queries that are reading it.</summary>
    private static readonly TimeSpan KeepReplaced = TimeSpan.FromHours(24);

    /// <summary>The table.</summary>
    /// <exception cref="JobException">It does not exist.</exception>
    public async Task<Table> GetAsync(AwsCalls calls, CancellationToken cancellationToken)
        => await TryGetAsync(calls, cancellationToken)
            ?? throw new JobException($"The Glue table {lake.Value.DatabaseName}.{LakeTable.DailyRollup.Name} does not exist: deploy the lake template.");

    /// <summary>The table; null when there is none.</summary>
    public async Task<Table?> TryGetAsync(AwsCalls calls, CancellationToken cancellationToken)
    {
        try
        {
            var request = new GetTableRequest { DatabaseName = lake.Value.DatabaseName, Name = LakeTable.DailyRollup.Name };
            return (await calls.Of(glue.GetTableAsync(request, cancellationToken))).Table;
        }
        catch (EntityNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The day's partition; null when there is none.</summary>
    public Task<Partition?> FindAsync(Table table, DateTimeOffset day, AwsCalls calls, CancellationToken cancellationToken)
        => partitions.FindAsync(table, Values(table, day), calls, cancellationToken);

    /// <summary>The fingerprint of what a day's partition was made from; null when it is not ours.</summary>
    public static string? SourceOf(Partition? partition) => partition?.Parameters?.GetValueOrDefault(SourceParameter);

    /// <summary>A place for a new version of a day.</summary>
    public string NewLocation(DateTimeOffset day, DateTimeOffset now, long fence)
        => string.Create(CultureInfo.InvariantCulture, $"s3://{lake.Value.LakeBucketName}/{FolderOf(day)}v={now.UtcDateTime:yyyyMMddHHmmss}-{fence}-{Guid.NewGuid().ToString("N")[..8]}/");

    /// <summary>Lets a day be read from a version, in one step, unless a later run has been at it.</summary>
    public async Task<bool> SwitchAsync(Table table, DateTimeOffset day, Partition? there, string location, string source, long fence, AwsCalls calls, CancellationToken cancellationToken)
    {
        var now = await FindAsync(table, day, calls, cancellationToken);
        if (now?.StorageDescriptor?.Location != there?.StorageDescriptor?.Location)
        {
            return false;
        }

        var parameters = new Dictionary<string, string> { [SourceParameter] = source, [FenceParameter] = fence.ToString(CultureInfo.InvariantCulture) };
        var descriptor = PartitionTable.At(table.StorageDescriptor, location);
        if (now is not null)
        {
            await partitions.MoveAsync(table, now, descriptor, parameters, calls, cancellationToken);
            return true;
        }

        await calls.Of(glue.CreatePartitionAsync(
            new CreatePartitionRequest
            {
                DatabaseName = table.DatabaseName,
                TableName = table.Name,
                PartitionInput = new PartitionInput { Values = Values(table, day), StorageDescriptor = descriptor, Parameters = parameters },
            },
            cancellationToken));
        return true;
    }

    /// <summary>Deletes the versions of a day that are not read any more, a day after a later one was written.</summary>
    public async Task<int> DeleteReplacedAsync(Table table, DateTimeOffset day, DateTimeOffset now, AwsCalls calls, CancellationToken cancellationToken)
    {
        var current = (await FindAsync(table, day, calls, cancellationToken))?.StorageDescriptor?.Location;
        var folder = FolderOf(day);
        var objects = await listing.ObjectsAtAsync($"s3://{lake.Value.LakeBucketName}/{folder}", calls, cancellationToken);
        var written = objects.Select(o => WrittenAt(o.Key[folder.Length..])).OfType<DateTimeOffset>().Distinct().Order().ToList();
        var replaced = objects
            .Where(o => current is null || !listing.IsAt(o, current))
            .Where(o => WrittenAt(o.Key[folder.Length..]) is { } at && now - ReplacedAt(at) >= KeepReplaced)
            .ToList();
        await lakeObjects.DeleteAsync(replaced, calls, cancellationToken);
        return replaced.Count;

        // What nobody ever read, because a run was cut short, was replaced by nothing.
        DateTimeOffset ReplacedAt(DateTimeOffset at) => written.Find(later => later > at) is { Ticks: > 0 } next ? next : at;
    }

    /// <summary>All objects of the days before one.</summary>
    public async Task<List<LakeObject>> ObjectsBeforeAsync(DateTimeOffset day, AwsCalls calls, CancellationToken cancellationToken)
    {
        var limit = FolderOf(day);
        return [.. (await listing.ObjectsAtAsync($"s3://{lake.Value.LakeBucketName}/{LakeTable.DailyRollup.Folder}", calls, cancellationToken))
            .Where(o => string.CompareOrdinal(o.Key, limit) < 0)];
    }

    private static DateTimeOffset? WrittenAt(string version)
        => version.Length > 16 && DateTimeOffset.TryParseExact(version[2..16], "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    private static string FolderOf(DateTimeOffset day) => LakeTable.DailyRollup.Folder + KeyLayout.Hive.FormatDay(day);

    private static List<string> Values(Table table, DateTimeOffset day) => PartitionValues.Of(table.PartitionKeys, LakePartition.Of(day));
}
