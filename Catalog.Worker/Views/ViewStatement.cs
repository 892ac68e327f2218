using System.Security.Cryptography;
using System.Text;
using Amazon.Glue.Model;

namespace Catalog.Worker.Views;

/// <summary>A view's file made into SQL for the events table as it is now.</summary>
/// <param name="View">The file.</param>
/// <param name="Select">The SELECT with the table and its columns in place.</param>
/// <param name="Hash">
/// Changes with the SELECT and with any column of the events table, also one that this view does not name: a view keeps
/// the types that its columns had when it was made, its own source's or those of the views in between.
/// </param>
internal sealed record ViewStatement(ViewFile View, string Select, string Hash)
{
    /// <summary>What Athena is asked to run. Names are plain: files are checked, and the database is the query's context.</summary>
    public string Create => $"CREATE OR REPLACE VIEW {View.Name} AS\n{Select}";

    public static ViewStatement Of(ViewFile view, Table events)
    {
        var columns = events.StorageDescriptor.Columns ?? [];
        var select = view.Sql
            .Replace("${table}", Quote(events.Name), StringComparison.Ordinal)
            .Replace("${columns}", string.Join(",\n  ", columns.Select(c => Quote(c.Name))), StringComparison.Ordinal);
        var types = string.Join('\n', columns.Concat(events.PartitionKeys ?? []).Select(c => $"{c.Name} {c.Type}"));
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{select}\n{types}\n{view.Description}"));
        return new(view, select, Convert.ToHexStringLower(hash.AsSpan(0, 16)));
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
