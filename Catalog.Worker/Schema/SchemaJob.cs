using Amazon.Glue;
using Amazon.Glue.Model;
using Catalog.Worker.Jobs;
using Catalog.Worker.LateWindow;
using Catalog.Worker.Partitions;
using Microsoft.Extensions.Options;
using Pixel.Events;

namespace Catalog.Worker.Schema;

/// <summary>
/// Compares the field file, the events table and the newest Parquet file. The order in which a field comes to life is table
/// first, beacon second: Firehose drops what the table does not name without a word. Columns are only ever added, at the
/// end; Parquet is read by name, so old and new files are read together.
/// </summary>
internal sealed class SchemaJob(
    PartitionTable partitions, LakeListing listing, ParquetFooter footer, LateWindowStart window, IAmazonGlue glue, ConcurrentChanges changes,
    IOptions<SchemaOptions> options) : IJob
{
    public const string JobName = "schema";

    public string Name => JobName;

    public async Task<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var calls = new AwsCalls();
        var wanted = Fields();
        var table = await partitions.GetAsync(calls, cancellationToken);
        var there = table.StorageDescriptor.Columns;
        var types = there.ToDictionary(c => c.Name, c => c.Type, StringComparer.Ordinal);
        ThrowIfChanged(wanted, types);

        var missing = wanted.Where(c => !types.ContainsKey(c.Name)).ToList();
        var notes = new List<string>();
        if (missing.Count > 0 && options.Value.Owner == "worker")
        {
            if (!context.DryRun)
            {
                await AddAsync(table, missing, calls, cancellationToken);
            }
        }
        else if (missing.Count > 0)
        {
            notes.Add(
                $"The table {table.Name} lacks {Names(missing.Select(c => c.Name))} of the field file: deploy the lake template, and the beacon after it. Until then a beacon that knows the table's columns (AWS:Resources:EventFields) keeps the values in params.");
        }

        var differing = await DifferingInFileAsync(context, types, calls, cancellationToken);
        if (differing.Count > 0)
        {
            notes.Add($"The newest Parquet file has other types than the table {table.Name}: {string.Join(", ", differing)}. Queries of these columns fail; let Firehose convert by the table's latest version.");
        }

        return JobResult.Of(
            new("columns", there.Count), new("missing", missing.Count), new("added", options.Value.Owner == "worker" ? missing.Count : 0), new("differing", differing.Count), new("awsCalls", calls.Made)) with
        {
            Notes = notes,
        };
    }

    private IReadOnlyList<EventColumn> Fields()
    {
        try
        {
            return EventSchema.Load(options.Value.FieldFile is { Length: > 0 } file ? file : null).Columns;
        }
        catch (FieldFileException e)
        {
            throw new JobException(e.Message, e);
        }
    }

    private static void ThrowIfChanged(IReadOnlyList<EventColumn> wanted, Dictionary<string, string> types)
    {
        var changed = wanted.Where(c => types.TryGetValue(c.Name, out var type) && type != c.GlueType).ToList();
        if (changed.Count > 0)
        {
            throw new JobException(
                $"The field file gives {string.Join(", ", changed.Select(c => $"{c.Name} the type {c.GlueType}, and the table has {types[c.Name]}"))}. A column keeps its type, since the files that are there have it: give the field another name.");
        }
    }

    private async Task AddAsync(Table table, List<EventColumn> missing, AwsCalls calls, CancellationToken cancellationToken)
    {
        var descriptor = PartitionTable.At(table.StorageDescriptor, table.StorageDescriptor.Location);
        descriptor.Columns = [.. table.StorageDescriptor.Columns, .. missing.Select(c => new Column { Name = c.Name, Type = c.GlueType, Comment = c.Comment })];
        var request = new UpdateTableRequest
        {
            DatabaseName = table.DatabaseName,
            TableInput = new TableInput
            {
                Name = table.Name,
                Description = table.Description,
                Owner = table.Owner,
                Retention = table.Retention,
                StorageDescriptor = descriptor,
                PartitionKeys = table.PartitionKeys,
                TableType = table.TableType,
                Parameters = table.Parameters,
            },
        };
        await changes.RetryAsync(() => calls.Of(glue.UpdateTableAsync(request, cancellationToken)), cancellationToken);
    }

    private async Task<List<string>> DifferingInFileAsync(JobContext context, Dictionary<string, string> types, AwsCalls calls, CancellationToken cancellationToken)
    {
        // Mostly the newest object is in the last two hours, and then the others need not be listed.
        var end = Hours.Floor(context.StartedAt).AddHours(1);
        var hours = await listing.ObjectsAsync(end.AddHours(-2), end, calls, cancellationToken);
        if (hours.Count == 0)
        {
            hours = await listing.ObjectsAsync(await window.ReadAsync(context.StartedAt, calls, cancellationToken), end, calls, cancellationToken);
        }

        if (hours.Count == 0)
        {
            return [];
        }

        // Firehose's names sort by time.
        var newest = hours[hours.Keys.Last()][^1];
        var columns = await footer.ReadAsync(newest, calls, cancellationToken);
        return [.. columns
            .Where(c => types.TryGetValue(c.Key, out var type) && !ParquetFooter.CanBe(c.Value, type))
            .Select(c => $"{c.Key} is {c.Value} in the file and {types[c.Key]} in the table")];
    }

    private static string Names(IEnumerable<string> names) => string.Join(" and ", names.Order(StringComparer.Ordinal));
}
