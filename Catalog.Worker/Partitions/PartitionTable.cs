using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.Glue;
using Amazon.Glue.Model;
using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Partitions;

/// <summary>The events table as the Glue catalog has it, and its partitions. Only partitions are ever written.</summary>
internal sealed class PartitionTable(IAmazonGlue glue, IOptions<LakeOptions> lake, ConcurrentChanges changes)
{
    /// <summary>The partitions that Glue adds in one call (https://docs.aws.amazon.com/glue/latest/webapi/API_BatchCreatePartition.html).</summary>
    public const int BatchSize = 100;

    /// <summary>The partition's parameter that keeps the fencing token of the run that wrote it.</summary>
    public const string FenceParameter = "pixel.fence";

    /// <summary>The partition's parameter that tells which columns it was given (<see cref="ColumnsOf"/>).</summary>
    private const string ColumnsParameter = "pixel.columns";

    /// <summary>The partitions that Glue removes in one call (https://docs.aws.amazon.com/glue/latest/webapi/API_BatchDeletePartition.html).</summary>
    private const int DeleteBatchSize = 25;

    /// <summary>The table.</summary>
    /// <exception cref="JobException">It does not exist, or its partition columns are not ours.</exception>
    public async Task<Table> GetAsync(AwsCalls calls, CancellationToken cancellationToken)
    {
        var options = lake.Value;
        try
        {
            var request = new GetTableRequest { DatabaseName = options.DatabaseName, Name = options.TableName };
            var table = (await calls.Of(glue.GetTableAsync(request, cancellationToken))).Table;
            return table.PartitionKeys is { } keys && keys.Select(k => k.Name).SequenceEqual(Pixel.Events.EventSchema.PartitionColumnNames)
                ? table
                : throw new JobException($"The Glue table {options.DatabaseName}.{options.TableName} must be partitioned by year, month, day, hour.");
        }
        catch (EntityNotFoundException e)
        {
            throw new JobException(
                $"The Glue table {options.DatabaseName}.{options.TableName} does not exist: deploy the lake template, or set AWS:Resources:DatabaseName and TableName.", e);
        }
    }

    /// <summary>The partitions from the day of <paramref name="since"/> on, or all, without their columns.</summary>
    public Task<List<Partition>> ReadAsync(Table table, DateTimeOffset? since, AwsCalls calls, CancellationToken cancellationToken)
        => ReadAsync(table, since is { } day ? PartitionValues.SinceDay(table.PartitionKeys, day) : null, calls, cancellationToken);

    /// <summary>The partitions up to and with the day of <paramref name="before"/>, without their columns.</summary>
    public Task<List<Partition>> ReadBeforeAsync(Table table, DateTimeOffset before, AwsCalls calls, CancellationToken cancellationToken)
        => ReadAsync(table, PartitionValues.UpToDay(table.PartitionKeys, before), calls, cancellationToken);

    /// <summary>The partitions of some hours, without their columns.</summary>
    public Task<List<Partition>> ReadHoursAsync(Table table, IEnumerable<LakePartition> hours, AwsCalls calls, CancellationToken cancellationToken)
        => ReadAsync(table, string.Join(" OR ", hours.Select(hour => $"({PartitionValues.Is(table.PartitionKeys, hour)})")), calls, cancellationToken);

    private async Task<List<Partition>> ReadAsync(Table table, string? expression, AwsCalls calls, CancellationToken cancellationToken)
    {
        var partitions = new List<Partition>();
        var request = new GetPartitionsRequest
        {
            DatabaseName = table.DatabaseName,
            TableName = table.Name,
            Expression = expression,
            ExcludeColumnSchema = true,
        };
        do
        {
            var page = await calls.Of(glue.GetPartitionsAsync(request, cancellationToken));
            partitions.AddRange(page.Partitions ?? []);
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));

        return partitions;
    }

    /// <summary>
    /// Adds partitions, a hundred a call and in the given order. Stops at the first hundred in which Glue refuses one: at
    /// most a hundred behind a refused hour are known then, and the next run comes back to it.
    /// </summary>
    /// <returns>How many are new; the others were there already, from a run at the same time or a crawler.</returns>
    /// <exception cref="JobException">Glue refused some.</exception>
    public Task<int> AddAsync(Table table, IEnumerable<LakePartition> partitions, long fence, AwsCalls calls, CancellationToken cancellationToken)
        => AddAsync(table, partitions.Select(p => RawInput(table, p, fence)), calls, cancellationToken);

    /// <inheritdoc cref="AddAsync(Table, IEnumerable{LakePartition}, long, AwsCalls, CancellationToken)"/>
    public async Task<int> AddAsync(Table table, IEnumerable<PartitionInput> partitions, AwsCalls calls, CancellationToken cancellationToken)
    {
        var added = 0;
        foreach (var batch in partitions.Chunk(BatchSize))
        {
            var request = new BatchCreatePartitionRequest
            {
                DatabaseName = table.DatabaseName,
                TableName = table.Name,
                PartitionInputList = [.. batch],
            };
            var response = await changes.RetryAsync(() => calls.Of(glue.BatchCreatePartitionAsync(request, cancellationToken)), cancellationToken);
            added += batch.Length - (response.Errors?.Count ?? 0);
            ThrowIfRefused(response.Errors, nameof(AlreadyExistsException), batch.Length);
        }

        return added;
    }

    /// <summary>Removes partitions, not what they point to.</summary>
    /// <returns>How many were there.</returns>
    /// <exception cref="JobException">Glue refused some.</exception>
    public async Task<int> RemoveAsync(Table table, IEnumerable<List<string>> partitions, AwsCalls calls, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var batch in partitions.Chunk(DeleteBatchSize))
        {
            var request = new BatchDeletePartitionRequest
            {
                DatabaseName = table.DatabaseName,
                TableName = table.Name,
                PartitionsToDelete = [.. batch.Select(values => new PartitionValueList { Values = values })],
            };
            var response = await changes.RetryAsync(() => calls.Of(glue.BatchDeletePartitionAsync(request, cancellationToken)), cancellationToken);
            removed += batch.Length - (response.Errors?.Count ?? 0);
            ThrowIfRefused(response.Errors, nameof(EntityNotFoundException), batch.Length);
        }

        return removed;
    }

    /// <summary>Where Firehose puts the objects of an hour, as a partition's location.</summary>
    public string RawLocation(LakePartition partition)
        => $"s3://{lake.Value.LakeBucketName}/{lake.Value.EventsPrefix}{lake.Value.ToLayout().Format(partition)}";

    /// <summary>Whether a partition is read from where Firehose writes its hour.</summary>
    public bool IsRaw(HourPartition partition) => partition.Location.TrimEnd('/') == RawLocation(partition.Hour).TrimEnd('/');

    private static void ThrowIfRefused(List<PartitionError>? errors, string expected, int of)
    {
        var refused = (errors ?? []).Where(e => e.ErrorDetail?.ErrorCode != expected).ToList();
        if (refused.Count > 0)
        {
            var first = refused[0];
            throw new JobException(
                $"Glue refused {refused.Count} of {of} partitions, the first, {string.Join('/', first.PartitionValues ?? [])}, with {first.ErrorDetail?.ErrorCode}: {first.ErrorDetail?.ErrorMessage}");
        }
    }

    /// <summary>The partition of an hour that is read from where Firehose writes.</summary>
    public PartitionInput RawInput(Table table, LakePartition partition, long fence) => new()
    {
        Values = PartitionValues.Of(table.PartitionKeys, partition),
        StorageDescriptor = At(table.StorageDescriptor, RawLocation(partition)),
        Parameters = new() { [FenceParameter] = fence.ToString(CultureInfo.InvariantCulture), [ColumnsParameter] = ColumnsOf(table) },
    };

    /// <summary>
    /// Whether a partition of ours has the columns of a table that has got others since. Athena reads a partition by its own
    /// columns, so a new one would be null in it for ever.
    /// </summary>
    public bool HasOldColumns(Table table, HourPartition partition)
        => IsRaw(partition) && partition.Partition.Parameters?.GetValueOrDefault(ColumnsParameter) is { } columns && columns != ColumnsOf(table);

    /// <summary>Which columns a partition of ours was given, in a few characters; empty when it does not say.</summary>
    public static string ColumnsGivenTo(HourPartition partition) => partition.Partition.Parameters?.GetValueOrDefault(ColumnsParameter) ?? "";

    /// <summary>Gives a partition the columns that the table has now.</summary>
    public Task RefreshAsync(Table table, HourPartition partition, AwsCalls calls, CancellationToken cancellationToken)
    {
        var parameters = new Dictionary<string, string>(partition.Partition.Parameters) { [ColumnsParameter] = ColumnsOf(table) };
        return MoveAsync(table, partition.Partition, At(table.StorageDescriptor, partition.Location), parameters, calls, cancellationToken);
    }

    // A few characters are enough to tell the columns of one table from those of another time.
    private static string ColumnsOf(Table table)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', table.StorageDescriptor.Columns.Select(c => $"{c.Name} {c.Type}")))))[..16];

    /// <summary>A partition as it is at this moment; null when there is none.</summary>
    public async Task<Partition?> FindAsync(Table table, List<string> values, AwsCalls calls, CancellationToken cancellationToken)
    {
        try
        {
            var request = new GetPartitionRequest
            {
                DatabaseName = table.DatabaseName,
                TableName = table.Name,
                PartitionValues = values,
            };
            return (await calls.Of(glue.GetPartitionAsync(request, cancellationToken))).Partition;
        }
        catch (EntityNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Lets a partition be read from somewhere else, in one step: a query sees the old place or the new one.</summary>
    public Task MoveAsync(Table table, Partition partition, StorageDescriptor to, Dictionary<string, string> parameters, AwsCalls calls, CancellationToken cancellationToken)
    {
        var request = new UpdatePartitionRequest
        {
            DatabaseName = table.DatabaseName,
            TableName = table.Name,
            PartitionValueList = partition.Values,
            PartitionInput = new PartitionInput
            {
                Values = partition.Values,
                StorageDescriptor = to,
                Parameters = parameters,
                LastAccessTime = partition.LastAccessTime,
                LastAnalyzedTime = partition.LastAnalyzedTime,
            },
        };
        return changes.RetryAsync(() => calls.Of(glue.UpdatePartitionAsync(request, cancellationToken)), cancellationToken);
    }

    // All of the table's: a partition is read by its own format, columns and SerDe, not by the table's.
    public static StorageDescriptor At(StorageDescriptor table, string location) => new()
    {
        Location = location,
        AdditionalLocations = table.AdditionalLocations,
        BucketColumns = table.BucketColumns,
        Columns = table.Columns,
        Compressed = table.Compressed,
        InputFormat = table.InputFormat,
        NumberOfBuckets = table.NumberOfBuckets,
        OutputFormat = table.OutputFormat,
        Parameters = table.Parameters,
        SchemaReference = table.SchemaReference,
        SerdeInfo = table.SerdeInfo,
        SkewedInfo = table.SkewedInfo,
        SortColumns = table.SortColumns,
        StoredAsSubDirectories = table.StoredAsSubDirectories,
    };
}
