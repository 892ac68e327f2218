using System.Globalization;
using Amazon.Glue;
using Amazon.Glue.Model;
using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Views;

/// <summary>The database's tables and views as the Glue catalog has them, and our mark on the views that are ours.</summary>
internal sealed class ViewCatalog(IAmazonGlue glue, IOptions<LakeOptions> lake)
{
    /// <summary>The Glue table parameter that says a view is ours, and what it was made from.</summary>
    public const string HashParameter = "pixel.view.hash";

    /// <summary>The Glue table parameter that keeps the fencing token of the run that made a view.</summary>
    public const string FenceParameter = "pixel.view.fence";

    private const string ViewType = "VIRTUAL_VIEW";

    /// <summary>Every table and view of the database by name.</summary>
    /// <exception cref="JobException">The database does not exist.</exception>
    public async Task<IReadOnlyDictionary<string, Table>> TablesAsync(AwsCalls calls, CancellationToken cancellationToken)
    {
        var tables = new Dictionary<string, Table>(StringComparer.Ordinal);
        var request = new GetTablesRequest { DatabaseName = lake.Value.DatabaseName };
        try
        {
            do
            {
                var page = await calls.Of(glue.GetTablesAsync(request, cancellationToken));
                foreach (var table in page.TableList ?? [])
                {
                    tables[table.Name] = table;
                }

                request.NextToken = page.NextToken;
            }
            while (!string.IsNullOrEmpty(request.NextToken));
        }
        catch (EntityNotFoundException e)
        {
            throw new JobException($"The Glue database {lake.Value.DatabaseName} does not exist: deploy the lake template, or set AWS:Resources:DatabaseName.", e);
        }

        return tables;
    }

    public static bool IsView(Table table) => table.TableType == ViewType;

    /// <summary>What a view of ours was made from; null when it is not ours.</summary>
    public static string? HashOf(Table table)
        => IsView(table) && table.Parameters?.TryGetValue(HashParameter, out var hash) == true ? hash : null;

    /// <summary>
    /// Marks a view that Athena has just made. A crash before this leaves a view without a mark, which the next run makes
    /// again.
    /// </summary>
    public async Task MarkAsync(ViewStatement statement, long fence, AwsCalls calls, CancellationToken cancellationToken)
    {
        var database = lake.Value.DatabaseName;
        var made = (await calls.Of(glue.GetTableAsync(new GetTableRequest { DatabaseName = database, Name = statement.View.Name }, cancellationToken))).Table;
        await calls.Of(glue.UpdateTableAsync(
            new UpdateTableRequest
            {
                DatabaseName = database,
                TableInput = Marked(made, statement, fence),
                SkipArchive = true,
            },
            cancellationToken));
    }

    // An update replaces the table, so everything that Athena wrote goes along.
    private static TableInput Marked(Table view, ViewStatement statement, long fence) => new()
    {
        Name = view.Name,
        Description = statement.View.Description,
        Owner = view.Owner,
        LastAccessTime = view.LastAccessTime,
        LastAnalyzedTime = view.LastAnalyzedTime,
        Retention = view.Retention,
        StorageDescriptor = view.StorageDescriptor,
        PartitionKeys = view.PartitionKeys,
        ViewOriginalText = view.ViewOriginalText,
        ViewExpandedText = view.ViewExpandedText,
        TableType = view.TableType,
        TargetTable = view.TargetTable,
        Parameters = new(view.Parameters ?? []) { [HashParameter] = statement.Hash, [FenceParameter] = fence.ToString(CultureInfo.InvariantCulture) },
    };
}
