using Amazon.Glue.Model;
using Catalog.Worker.Athena;
using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Views;

/// <summary>
/// Makes the database's views what the files say: makes those that are missing or made from something else, in the order
/// in which they read each other, and drops those of ours that have no file any more. A run that finds nothing to do is
/// one call.
/// </summary>
/// <remarks>
/// A name that has a file is ours: a view of that name is replaced, whoever made it; a table of that name is not touched.
/// Without a file, only what carries our mark is dropped.
/// </remarks>
internal sealed class ViewsJob(ViewFiles files, ViewCatalog catalog, AthenaStatements athena, IOptions<LakeOptions> lake) : IJob
{
    public const string JobName = "views";

    public string Name => JobName;

    public async Task<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var calls = new AwsCalls();
        var tables = await catalog.TablesAsync(calls, cancellationToken);
        if (!tables.TryGetValue(lake.Value.TableName, out var events))
        {
            throw new JobException(
                $"The Glue table {lake.Value.DatabaseName}.{lake.Value.TableName} does not exist: deploy the lake template, or set AWS:Resources:DatabaseName and TableName.");
        }

        int created = 0, replaced = 0, unchanged = 0;
        foreach (var statement in ViewStatement.OfAll(files.All, events))
        {
            var found = tables.GetValueOrDefault(statement.View.Name);
            if (found is not null && ViewCatalog.HashOf(found) == statement.Hash)
            {
                unchanged++;
                continue;
            }

            if (!context.DryRun)
            {
                await MakeAsync(statement, found, context.Fence, calls, cancellationToken);
            }

            _ = found is null ? created++ : replaced++;
        }

        var dropped = await DropOrphansAsync(tables.Values, context.DryRun, calls, cancellationToken);
        return JobResult.Of(
            new("created", created), new("replaced", replaced), new("unchanged", unchanged), new("dropped", dropped), new("awsCalls", calls.Made));
    }

    private async Task MakeAsync(ViewStatement statement, Table? found, long fence, AwsCalls calls, CancellationToken cancellationToken)
    {
        if (found is not null && !ViewCatalog.IsView(found))
        {
            throw new JobException($"{lake.Value.DatabaseName}.{statement.View.Name} is a table, so the view of that name cannot be made: rename one of them.");
        }

        await athena.RunAsync(statement.Create, calls, cancellationToken);
        await catalog.MarkAsync(statement, fence, calls, cancellationToken);
    }

    private async Task<int> DropOrphansAsync(IEnumerable<Table> tables, bool dryRun, AwsCalls calls, CancellationToken cancellationToken)
    {
        var dropped = 0;
        foreach (var view in tables.Where(t => ViewCatalog.HashOf(t) is not null && !files.All.Any(f => f.Name == t.Name)))
        {
            if (!dryRun)
            {
                await athena.RunAsync($"DROP VIEW IF EXISTS {view.Name}", calls, cancellationToken);
            }

            dropped++;
        }

        return dropped;
    }
}
