using LocalCloud.Athena.Scanning;
using LocalCloud.Athena.Sql;
using LocalCloud.Athena.Translation;

namespace LocalCloud.Athena;

// What the plan tells: which partitions are needed, and what is read.
internal sealed partial class QuerySession
{
    private void ChoosePartitions(Query query, IReadOnlyList<Expression> parameters, Dictionary<int, IReadOnlyList<ScanPartition>> chosen)
    {
        ILookup<int, PlannedScan> planned;
        try
        {
            // Over no rows everything is constant, and DuckDB would conclude from it.
            Execute("SET disabled_optimizers = 'statistics_propagation'");
            planned = QueryPlan.Scans(Explain(Translate(query, parameters, lenient: true))).ToLookup(s => s.Scan);
        }
        catch (QueryFailure)
        {
            // Said so that nothing can fail it is not always a query; then every partition is read.
            return;
        }
        finally
        {
            Execute("RESET disabled_optimizers");
        }

        foreach (var scan in _scans.Values.Where(s => s.CanChoose && planned[s.Number].Any()))
        {
            CreateValues($"partitions_{scan.Number}", scan.Source, scan.Partitions);
            var some = new SortedSet<int>();
            foreach (var reading in planned[scan.Number])
            {
                some.UnionWith(Matching($"partitions_{scan.Number}", reading, orUnknown: true) ?? Enumerable.Range(0, scan.Partitions.Count));
            }

            chosen[scan.Number] = [.. some.Select(i => scan.Partitions[i])];
        }
    }

    // A row for each partition or file, its number and its values with their types.
    private void CreateValues(string table, TableSource source, IEnumerable<ScanPartition> partitions)
    {
        var texts = string.Concat(source.Keys.Select((_, i) => $", \"__p{i}\" VARCHAR"));
        Execute($"CREATE TEMP TABLE {table}_text(n INTEGER{texts})");
        using (var appender = _connection.CreateAppender($"{table}_text"))
        {
            var n = 0;
            foreach (var partition in partitions)
            {
                var row = appender.CreateRow().AppendValue(n++);
                foreach (var value in partition.Values)
                {
                    row = value == HiveNull ? row.AppendNullValue() : row.AppendValue(value);
                }

                row.EndRow();
            }
        }

        var typed = string.Concat(source.Keys.Select((k, i) => $", CAST(\"__p{i}\" AS {k.Type.ToDuckDb()}) AS \"__p{i}\""));
        Execute($"CREATE TEMP TABLE {table} AS SELECT n{typed} FROM {table}_text; DROP TABLE {table}_text");
    }

    /// <summary>
    /// The numbers of the rows that the plan's conditions keep, and with <paramref name="orUnknown"/> those of which they say
    /// nothing (a cast that fails must be seen to fail when rows are read); null when no condition can be told from the values.
    /// </summary>
    private List<int>? Matching(string table, PlannedScan reading, bool orUnknown)
    {
        var conditions = reading.FileFilters
            .Select(f => orUnknown ? $"({f}) IS NOT FALSE" : f)
            .Where(f => CanPlan($"SELECT 1 FROM {table} WHERE {f}"))
            .ToList();
        if (conditions.Count == 0)
        {
            return null;
        }

        try
        {
            using var command = Command($"SELECT n FROM {table} WHERE {string.Join(" AND ", conditions)}");
            using var reader = Run(command);
            var numbers = new List<int>();
            while (reader.Read())
            {
                numbers.Add(reader.GetInt32(0));
            }

            return numbers;
        }
        catch (QueryFailure)
        {
            return null;
        }
    }

    private (long Bytes, int Files) Measure(List<PlannedScan> readings)
    {
        var (bytes, count) = (0L, 0);
        var byNumber = _scans.Values.ToDictionary(s => s.Number);
        var created = new HashSet<int>();
        foreach (var reading in readings)
        {
            var scan = byNumber[reading.Scan];
            IEnumerable<DataFile> files = scan.Files;
            if (reading.FileFilters.Count > 0 && scan.Files.Count > 0)
            {
                if (created.Add(scan.Number))
                {
                    CreateValues($"files_{scan.Number}", scan.Source, scan.Files.Select(f => f.Partition));
                }

                var left = Matching($"files_{scan.Number}", reading, orUnknown: false);
                files = left is null ? files : left.Select(i => scan.Files[i]);
            }

            foreach (var file in files.Where(f => f.Partition.Format == reading.Format))
            {
                count++;
                bytes += reading.Format == FileFormat.Json
                    ? file.Object.Size
                    : _world.Sizes.Bytes(file.Object.Path, reading.Columns) ?? file.Object.Size;
            }
        }

        return (bytes, count);
    }

    private string Explain(string sql)
    {
        using var command = Command("EXPLAIN (FORMAT JSON) " + sql);
        using var reader = Run(command);
        reader.Read();
        return reader.GetString(1);
    }

    private List<SourceColumn> Describe(string sql)
    {
        using var command = Command("DESCRIBE " + sql);
        using var reader = Run(command);
        var columns = new List<SourceColumn>();
        while (reader.Read())
        {
            var name = reader.GetString(0);
            columns.Add(new SourceColumn(
                name.StartsWith(QueryTranslator.Unnamed, StringComparison.Ordinal) ? $"_col{columns.Count}" : name,
                SqlType.Parse(reader.GetString(1))));
        }

        return columns;
    }
}
