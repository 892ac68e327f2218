using System.Security.Cryptography;
using System.Text;
using Amazon.Glue.Model;
using Catalog.Worker.Athena;

namespace Catalog.Worker.Views;

/// <summary>A view's file made into SQL for the events table as it is now.</summary>
/// <param name="View">The file.</param>
/// <param name="Select">The SELECT with the table and its columns in place.</param>
/// <param name="Hash">
/// Changes with the SELECT, with any column of the events table, also one that this view does not name, and with the
/// views that it reads: a view keeps the types that its columns had when it was made.
/// </param>
internal sealed record ViewStatement(ViewFile View, string Select, string Hash)
{
    /// <summary>What Athena is asked to run. Names are plain: files are checked, and the database is the query's context.</summary>
    public string Create => $"CREATE OR REPLACE VIEW {View.Name} AS\n{Select}";

    /// <summary>The statements of views, each of which comes after those that it reads.</summary>
    public static IReadOnlyList<ViewStatement> OfAll(IReadOnlyList<ViewFile> views, Table events)
    {
        var statements = new List<ViewStatement>();
        foreach (var view in views)
        {
            statements.Add(Of(view, events, statements.Where(other => view.Reads(other.View.Name)).Select(other => other.Hash)));
        }

        return statements;
    }

    public static ViewStatement Of(ViewFile view, Table events) => Of(view, events, []);

    private static ViewStatement Of(ViewFile view, Table events, IEnumerable<string> sources)
    {
        var columns = events.StorageDescriptor.Columns ?? [];
        var select = view.Sql
            .Replace("${table}", SqlText.Name(events.Name), StringComparison.Ordinal)
            .Replace("${columns}", string.Join(",\n  ", columns.Select(c => SqlText.Name(c.Name))), StringComparison.Ordinal);
        var types = string.Join('\n', columns.Concat(events.PartitionKeys ?? []).Select(c => $"{c.Name} {c.Type}"));
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{select}\n{types}\n{view.Description}\n{string.Join('\n', sources)}"));
        return new(view, select, Convert.ToHexStringLower(hash.AsSpan(0, 16)));
    }
}
