using LocalCloud.Athena.Results;
using LocalCloud.Athena.Scanning;
using LocalCloud.Glue;

namespace LocalCloud.Athena.Statements;

internal sealed partial class CatalogStatements
{
    // The values in the order of the table's keys; every key must be given.
    private static List<string> Values(GlueTable table, PartitionSpec spec)
    {
        var keys = RequireKeys(table);
        var values = new List<string>();
        foreach (var key in keys)
        {
            var term = spec.Terms.FirstOrDefault(t => t.Column.Equals(key.Name, StringComparison.OrdinalIgnoreCase));
            values.Add(term.Column is not null && term.Operator == "=" ? term.Value
                : throw new QueryFailure(QueryError.Syntax, $"Partition spec must have a value for partition column {key.Name}"));
        }

        CheckNames(keys, spec);
        return values;
    }

    private static void CheckNames(IReadOnlyList<GlueColumn> keys, PartitionSpec spec)
    {
        var unknown = spec.Terms.FirstOrDefault(t => !keys.Any(k => k.Name.Equals(t.Column, StringComparison.OrdinalIgnoreCase)));
        if (unknown.Column is not null)
        {
            throw new QueryFailure(QueryError.Syntax, $"{unknown.Column} is not a partition column of the table");
        }
    }

    // Glue's expression language for what the spec says.
    private static string Expression(GlueTable table, PartitionSpec spec)
    {
        var keys = RequireKeys(table);
        CheckNames(keys, spec);
        return string.Join(" AND ", spec.Terms.Select(t =>
        {
            var type = keys.First(k => k.Name.Equals(t.Column, StringComparison.OrdinalIgnoreCase)).Type ?? "string";
            var quoted = type is "int" or "bigint" or "smallint" or "tinyint" or "long" ? t.Value : $"'{t.Value.Replace("'", "''", StringComparison.Ordinal)}'";
            return $"{t.Column} {t.Operator} {quoted}";
        }));
    }

    private void Add(AddPartitions statement)
    {
        var table = RequireBase(statement.Table);
        var keys = RequireKeys(table);
        var inputs = statement.Partitions.Select(p =>
        {
            var values = Values(table, p.Spec);
            return Partition(table, values, p.Location ?? HiveLocation(table, keys, values));
        }).ToList();
        Report(catalog.CreatePartitions(table.DatabaseName!, table.Name, inputs), allowed: statement.IfNotExists ? "AlreadyExistsException" : null);
    }

    private static PartitionInput Partition(GlueTable table, IReadOnlyList<string> values, string location) => new()
    {
        Values = values,
        StorageDescriptor = (table.StorageDescriptor ?? new StorageDescriptor()) with { Location = location },
    };

    private static string HiveLocation(GlueTable table, IReadOnlyList<GlueColumn> keys, IReadOnlyList<string> values) =>
        (table.StorageDescriptor?.Location ?? "").TrimEnd('/') + "/" + string.Join('/', keys.Select((k, i) => $"{k.Name}={HivePath.Escape(values[i])}")) + "/";

    private static void Report(IReadOnlyList<PartitionError> errors, string? allowed)
    {
        var bad = errors.FirstOrDefault(e => e.ErrorDetail.ErrorCode != allowed);
        if (bad is not null)
        {
            throw new QueryFailure(QueryError.AlreadyExists, $"{bad.ErrorDetail.ErrorMessage} Partition: {string.Join('/', bad.PartitionValues)} ({bad.ErrorDetail.ErrorCode})");
        }
    }

    private void Drop(DropPartitions statement)
    {
        var table = RequireBase(statement.Table);
        foreach (var spec in statement.Partitions)
        {
            var found = catalog.GetPartitions(table.DatabaseName!, table.Name, Expression(table, spec));
            if (found.Count == 0 && !statement.IfExists)
            {
                throw new QueryFailure(QueryError.Syntax, $"Partition not found in table {table.DatabaseName}.{table.Name}: {string.Join(", ", spec.Terms.Select(t => $"{t.Column} {t.Operator} {t.Value}"))}");
            }

            Report(catalog.DeletePartitions(table.DatabaseName!, table.Name, [.. found.Select(p => p.Values)]), allowed: "EntityNotFoundException");
        }
    }

    private void Rename(RenamePartition statement)
    {
        var table = RequireBase(statement.Table);
        var (from, to) = (Values(table, statement.From), Values(table, statement.To));
        var old = RequirePartition(table, from);
        catalog.UpdatePartition(table.DatabaseName!, table.Name, from, new PartitionInput
        {
            Values = to,
            StorageDescriptor = old.StorageDescriptor,
            Parameters = old.Parameters,
        });
    }

    private GluePartition RequirePartition(GlueTable table, IReadOnlyList<string> values) => catalog.FindPartition(table.DatabaseName!, table.Name, values)
        ?? throw new QueryFailure(QueryError.Syntax, $"Partition not found in table {table.DatabaseName}.{table.Name}: {string.Join('/', values)}");

    private void Relocate(SetLocation statement)
    {
        S3Location.Parse(statement.Location);
        if (statement.Partition is null)
        {
            Change(statement.Table, t => t with { StorageDescriptor = (t.StorageDescriptor ?? new StorageDescriptor()) with { Location = statement.Location } });
            return;
        }

        var table = RequireBase(statement.Table);
        var values = Values(table, statement.Partition);
        var old = RequirePartition(table, values);
        catalog.UpdatePartition(table.DatabaseName!, table.Name, values, new PartitionInput
        {
            Values = values,
            StorageDescriptor = (old.StorageDescriptor ?? table.StorageDescriptor ?? new StorageDescriptor()) with { Location = statement.Location },
            Parameters = old.Parameters,
        });
    }

    /// <summary>Registers what lies at <c>key=value/</c> folders below the table and is not registered; forgets nothing, as Athena.</summary>
    private StatementOutcome Repair(ResultFile file, RepairTable statement)
    {
        var table = RequireBase(statement.Table);
        var keys = RequireKeys(table);
        var root = S3Location.Parse(table.StorageDescriptor?.Location);
        var known = catalog.GetPartitions(table.DatabaseName!, table.Name).Select(p => string.Join('\0', p.Values)).ToHashSet(StringComparer.Ordinal);
        var found = new Dictionary<string, (IReadOnlyList<string> Values, string Folder)>(StringComparer.Ordinal);
        string? last = null;
        foreach (var item in store.List(root.Bucket, root.Prefix))
        {
            if (last is not null && item.Key.StartsWith(last, StringComparison.Ordinal))
            {
                continue;
            }

            if (HivePath.Parse(item.Key.AsSpan(root.Prefix.Length), keys) is var (values, length) && values is not null)
            {
                last = item.Key[..(root.Prefix.Length + length)];
                found.TryAdd(string.Join('\0', values), (values, last));
            }
        }

        var missing = found.Where(f => !known.Contains(f.Key)).Select(f => f.Value).ToList();
        if (missing.Count > 0)
        {
            // As Athena says it: one line for all, then one for each.
            file.WriteLine("Partitions not in metastore:\t" + string.Join('\t', missing.Select(m => $"{table.Name}:{m.Folder[root.Prefix.Length..].TrimEnd('/')}")));
            Report(catalog.CreatePartitions(table.DatabaseName!, table.Name, [.. missing.Select(m => Partition(table, m.Values, $"s3://{root.Bucket}/{m.Folder}"))]), allowed: "AlreadyExistsException");
            foreach (var partition in missing)
            {
                file.WriteLine($"Repair: Added partition to metastore {table.Name}:{partition.Folder[root.Prefix.Length..].TrimEnd('/')}");
            }
        }

        return new StatementOutcome(ResultFile.TextColumns("result"));
    }
}

/// <summary>Folders that carry a partition's values: <c>year=2026/month=11/</c>, with percent escapes.</summary>
internal static class HivePath
{
    // What Hive escapes in a path (FileUtils.escapePathName).
    private const string Special = "\"#%'*/:=?\\{[]^\x7f";

    public static string Escape(string value)
    {
        if (value.Length == 0)
        {
            return "__HIVE_DEFAULT_PARTITION__";
        }

        return string.Concat(value.Select(c => c < ' ' || Special.Contains(c, StringComparison.Ordinal) ? $"%{(int)c:X2}" : c.ToString()));
    }

    /// <summary>The values at the beginning of a relative key and how long that beginning is; null when it does not carry every key in order.</summary>
    public static (IReadOnlyList<string>? Values, int Length) Parse(ReadOnlySpan<char> key, IReadOnlyList<GlueColumn> keys)
    {
        var values = new List<string>(keys.Count);
        var at = 0;
        foreach (var column in keys)
        {
            var slash = key[at..].IndexOf('/');
            if (slash < 0)
            {
                return (null, 0);
            }

            var segment = key.Slice(at, slash);
            var equals = segment.IndexOf('=');
            if (equals <= 0 || !segment[..equals].Equals(column.Name, StringComparison.OrdinalIgnoreCase))
            {
                return (null, 0);
            }

            values.Add(Uri.UnescapeDataString(segment[(equals + 1)..].ToString()));
            at += slash + 1;
        }

        return (values, at);
    }
}
