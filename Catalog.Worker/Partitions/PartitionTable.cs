using Amazon.Glue;
using Amazon.Glue.Model;
using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Partitions;

/// <summary>The events table as the Glue catalog has it, and its partitions. Only partitions are ever written.</summary>
internal sealed class PartitionTable(IAmazonGlue glue, IOptions<LakeOptions> lake)
{
    /// <summary>What Glue takes in one call.</summary>
    public const int BatchSize = 100;

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

    /// <summary>The hours that have a partition, from the day of <paramref name="since"/> on, or all.</summary>
    public async Task<HashSet<DateTimeOffset>> HoursAsync(Table table, DateTimeOffset? since, AwsCalls calls, CancellationToken cancellationToken)
    {
        var hours = new HashSet<DateTimeOffset>();
        var request = new GetPartitionsRequest
        {
            DatabaseName = table.DatabaseName,
            TableName = table.Name,
            Expression = since is { } day ? PartitionValues.SinceDay(table.PartitionKeys, day) : null,
            ExcludeColumnSchema = true,
        };
        do
        {
            var page = await calls.Of(glue.GetPartitionsAsync(request, cancellationToken));
            foreach (var partition in page.Partitions ?? [])
            {
                // By the hour, not by the text: 1 and 01 name the same data, and it must not be read twice.
                if (LakePartition.TryParse(partition.Values, out var values) && values.TryGetStart(out var hour))
                {
                    hours.Add(hour);
                }
            }

            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));

        return hours;
    }

    /// <summary>
    /// Adds partitions, a hundred a call and in the given order. Stops at the first hundred in which Glue refuses one: at
    /// most a hundred behind a refused hour are known then, and the next run comes back to it.
    /// </summary>
    /// <returns>How many are new; the others were there already, from a run at the same time or a crawler.</returns>
    /// <exception cref="JobException">Glue refused some.</exception>
    public async Task<int> AddAsync(Table table, IEnumerable<LakePartition> partitions, AwsCalls calls, CancellationToken cancellationToken)
    {
        var added = 0;
        foreach (var batch in partitions.Chunk(BatchSize))
        {
            var response = await calls.Of(glue.BatchCreatePartitionAsync(
                new BatchCreatePartitionRequest
                {
                    DatabaseName = table.DatabaseName,
                    TableName = table.Name,
                    PartitionInputList = [.. batch.Select(p => Input(table, p))],
                },
                cancellationToken));
            var errors = response.Errors ?? [];
            added += batch.Length - errors.Count;
            var refused = errors.Where(e => e.ErrorDetail?.ErrorCode != nameof(AlreadyExistsException)).ToList();
            if (refused.Count > 0)
            {
                var first = refused[0];
                throw new JobException(
                    $"Glue refused {refused.Count} of {batch.Length} partitions, the first, {string.Join('/', first.PartitionValues ?? [])}, with {first.ErrorDetail?.ErrorCode}: {first.ErrorDetail?.ErrorMessage}");
            }
        }

        return added;
    }

    private PartitionInput Input(Table table, LakePartition partition)
    {
        var options = lake.Value;
        var location = $"s3://{options.LakeBucketName}/{options.EventsPrefix}{options.ToLayout().Format(partition)}";
        return new PartitionInput
        {
            Values = PartitionValues.Of(table.PartitionKeys, partition),
            StorageDescriptor = At(table.StorageDescriptor, location),
        };
    }

    // All of the table's: a partition is read by its own format, columns and SerDe, not by the table's.
    private static StorageDescriptor At(StorageDescriptor table, string location) => new()
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
