using System.Globalization;
using Amazon.Glue;
using Amazon.Glue.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Catalog.Worker.Partitions;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Compaction;

/// <summary>
/// A table that reads exactly the objects of a rewriting: each version is a partition of it, whose location holds lists of
/// S3 URIs (<c>SymlinkTextInputFormat</c>) instead of data. So what a manifest names and what Athena reads is the same, no
/// matter what lands meanwhile, and JSON lines and Parquet can be read together.
/// </summary>
/// <remarks>
/// Nothing in it outlives a run: the lock is held, so what a run finds in it was left by one that was killed, or belongs to
/// one that has lost its lock and does not know yet. A run removes nothing of a later one, by the fence in a version's name,
/// and whoever had inputs here makes sure afterwards that they have been there all the time.
/// </remarks>
internal sealed class InputTable(IAmazonGlue glue, IAmazonS3 s3, LakeListing listing, PartitionTable partitions, IOptions<LakeOptions> lake)
{
    private const string Folder = $"{StateStore.Folder}inputs/";

    /// <summary>The table's name.</summary>
    public string Name => $"{lake.Value.TableName}_rewrite_input";

    /// <summary>A new version's name: unique, in the order of time, with the run's fence in it.</summary>
    public static string NewVersion(DateTimeOffset now, long fence)
        => string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMddHHmmss}-{fence}-{Guid.NewGuid().ToString("N")[..8]}");

    /// <summary>Makes the table as the events table is now, and empties it.</summary>
    public async Task<Table> PrepareAsync(Table events, long fence, AwsCalls calls, CancellationToken cancellationToken)
    {
        var input = new TableInput
        {
            Name = Name,
            Description = "The inputs of the rewriting of hours that is under way; empty in between",
            TableType = "EXTERNAL_TABLE",
            Parameters = new() { ["EXTERNAL"] = "TRUE", ["classification"] = "parquet" },
            PartitionKeys = [new() { Name = "version", Type = "string" }, new() { Name = "format", Type = "string" }],
            StorageDescriptor = StorageFormats.Of("parquet", $"s3://{lake.Value.LakeBucketName}/{Folder}", events.StorageDescriptor.Columns),
        };
        Table? found = null;
        try
        {
            found = (await calls.Of(glue.GetTableAsync(new GetTableRequest { DatabaseName = events.DatabaseName, Name = Name }, cancellationToken))).Table;
        }
        catch (EntityNotFoundException)
        {
            await calls.Of(glue.CreateTableAsync(new CreateTableRequest { DatabaseName = events.DatabaseName, TableInput = input }, cancellationToken));
        }

        if (found is not null)
        {
            await EmptyAsync(found, fence, calls, cancellationToken);
            if (!Columns(found.StorageDescriptor).SequenceEqual(Columns(input.StorageDescriptor)))
            {
                await calls.Of(glue.UpdateTableAsync(
                    new UpdateTableRequest { DatabaseName = events.DatabaseName, TableInput = input, SkipArchive = true }, cancellationToken));
            }
        }

        return new Table { DatabaseName = events.DatabaseName, Name = Name, StorageDescriptor = input.StorageDescriptor, PartitionKeys = input.PartitionKeys };
    }

    /// <summary>Lets the table read these objects under a version.</summary>
    public async Task AddAsync(Table table, string version, IEnumerable<LakeObject> objects, AwsCalls calls, CancellationToken cancellationToken)
    {
        var bucket = lake.Value.LakeBucketName;
        foreach (var format in objects.GroupBy(FormatOf))
        {
            var folder = $"{Folder}{version}/{format.Key}/";
            await calls.Of(s3.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = bucket,
                    Key = $"{folder}list",
                    ContentBody = string.Concat(format.Select(o => string.Create(CultureInfo.InvariantCulture, $"s3://{bucket}/{o.Key}\n"))),
                    ContentType = "text/plain",
                },
                cancellationToken));
            await calls.Of(glue.CreatePartitionAsync(
                new CreatePartitionRequest
                {
                    DatabaseName = table.DatabaseName,
                    TableName = Name,
                    PartitionInput = new PartitionInput
                    {
                        Values = [version, format.Key],
                        StorageDescriptor = StorageFormats.ListsOf(format.Key, $"s3://{bucket}/{folder}", table.StorageDescriptor.Columns),
                    },
                },
                cancellationToken));
        }
    }

    /// <summary>Whether a version is there still as it was added. It never comes back once it has been removed.</summary>
    public async Task<bool> HasAsync(Table table, string version, IEnumerable<LakeObject> objects, AwsCalls calls, CancellationToken cancellationToken)
    {
        foreach (var format in objects.Select(FormatOf).Distinct())
        {
            if (await partitions.FindAsync(table, [version, format], calls, cancellationToken) is null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Removes from the table what this run and earlier ones have put there.</summary>
    public async Task EmptyAsync(Table table, long fence, AwsCalls calls, CancellationToken cancellationToken)
    {
        var left = (await partitions.ReadAsync(table, null, calls, cancellationToken)).Where(p => FenceOf(p.Values[0]) <= fence).ToList();
        if (left.Count > 0)
        {
            await partitions.RemoveAsync(table, left.Select(p => p.Values), calls, cancellationToken);
        }

        var lists = await listing.ObjectsAtAsync($"s3://{lake.Value.LakeBucketName}/{Folder}", calls, cancellationToken);
        foreach (var list in lists.Where(l => FenceOf(l.Key[Folder.Length..]) <= fence))
        {
            await calls.Of(s3.DeleteObjectAsync(lake.Value.LakeBucketName, list.Key, cancellationToken));
        }
    }

    private static long FenceOf(string version)
        => version.Split('-') is [_, var fence, ..] && long.TryParse(fence, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private string FormatOf(LakeObject found)
        => found.Key.StartsWith(LakeListing.CompactedFolder, StringComparison.Ordinal) ? "parquet" : lake.Value.DataFormat;

    private static IEnumerable<string> Columns(StorageDescriptor descriptor) => (descriptor.Columns ?? []).Select(c => $"{c.Name} {c.Type}");
}
