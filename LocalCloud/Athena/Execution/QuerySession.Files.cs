using System.Globalization;
using System.Text;
using LocalCloud.Athena.Scanning;
using LocalCloud.Athena.Translation;

namespace LocalCloud.Athena;

// The files of a scan, as DuckDB sees them.
internal sealed partial class QuerySession
{
    // What a path says for null.
    private const string HiveNull = "__HIVE_DEFAULT_PARTITION__";

    private string ScanFolder(int scan) => Path.Combine(_folder, $"t{scan}");

    private string Template(int scan) => Path.Combine(ScanFolder(scan), "template");

    private string Linked(int scan, string file, string marker, IReadOnlyList<string?> values, string name)
    {
        var path = Path.Combine(PartitionFolder(scan, marker, values), name);
        HardLinks.Create(path, file);
        return path;
    }

    /// <summary>The folder that carries these values, which exists afterwards.</summary>
    private string PartitionFolder(int scan, string marker, IReadOnlyList<string?> values)
    {
        var folder = new StringBuilder(ScanFolder(scan)).Append('/').Append(QueryPlan.Marker).Append('=').Append(marker);
        for (var i = 0; i < values.Count; i++)
        {
            folder.Append("/__p").Append(i).Append('=').Append(values[i] is null or HiveNull ? HiveNull : Uri.EscapeDataString(values[i]!));
        }

        var path = folder.ToString();
        if (_folders.Add(path))
        {
            Directory.CreateDirectory(path);
        }

        return path;
    }

    private void SetFiles(string variable, List<string> files)
    {
        if (files.Count < 100)
        {
            Execute($"SET VARIABLE {variable} = [{string.Join(", ", files.Select(QueryTranslator.Text))}]");
            return;
        }

        Execute($"CREATE OR REPLACE TEMP TABLE list_{variable}(path VARCHAR)");
        using (var appender = _connection.CreateAppender($"list_{variable}"))
        {
            foreach (var file in files)
            {
                appender.CreateRow().AppendValue(file).EndRow();
            }
        }

        Execute($"SET VARIABLE {variable} = (SELECT list(path) FROM list_{variable}); DROP TABLE list_{variable}");
    }

    // The table's columns with Glue's names and types, whatever the files have.
    private static string Reading(Scan scan, bool parquet, bool json)
    {
        var source = scan.Source;
        var types = string.Join(", ", source.Keys.Select((k, i) => $"'__p{i}': '{k.Type.ToDuckDb()}'").Prepend($"'{QueryPlan.Marker}': 'VARCHAR'"));
        var hive = $"hive_partitioning = true, hive_types_autocast = false, hive_types = {{{types}}}";
        var marked = $"WHERE {QueryPlan.Marker} = '{scan.Number}'";
        var readings = new List<string>();
        if (parquet)
        {
            var outputs = string.Join(", ", source.Columns
                .Select(c => $"CAST({QueryTranslator.Quote(c.Name)} AS {c.Type.ToDuckDb()}) AS {QueryTranslator.Quote(c.Name)}")
                .Concat(source.Keys.Select((k, i) => $"\"__p{i}\" AS {QueryTranslator.Quote(k.Name)}")));
            readings.Add($"SELECT {outputs} FROM read_parquet(getvariable('parquet_{scan.Number}'), union_by_name = true, {hive}) {marked}");
        }

        if (json)
        {
            var columns = string.Join(", ", source.Columns.Select(c => $"{QueryTranslator.Text(source.JsonKey(c.Name))}: {QueryTranslator.Text(c.Type.ToDuckDb())}"));
            var outputs = string.Join(", ", source.Columns
                .Select(c => $"{QueryTranslator.Quote(source.JsonKey(c.Name))} AS {QueryTranslator.Quote(c.Name)}")
                .Concat(source.Keys.Select((k, i) => $"\"__p{i}\" AS {QueryTranslator.Quote(k.Name)}")));
            readings.Add($"SELECT {outputs} FROM read_json(getvariable('json_{scan.Number}'), format = 'newline_delimited', columns = {{{columns}}}, {hive}) {marked}");
        }

        return string.Join(" UNION ALL ", readings);
    }

    private void LinkFiles(Scan scan, CancellationToken cancellation)
    {
        using var held = _world.Store.HoldBodies();
        var marker = scan.Number.ToString(CultureInfo.InvariantCulture);
        var (parquet, json) = (new List<string>(), new List<string>());
        var all = scan.Files.Select(f => f.Partition.Format).ToHashSet();

        // An empty file of the table's own columns keeps the types right where files lack columns, and another marker's is always passed over.
        if (all.Contains(FileFormat.Parquet) || all.Count == 0)
        {
            parquet.Add(Linked(scan.Number, Template(scan.Number), "other", [.. scan.Source.Keys.Select(_ => (string?)null)], "template"));
            parquet.Add(Linked(scan.Number, Template(scan.Number), marker, [.. scan.Source.Keys.Select(_ => (string?)null)], "template"));
        }

        if (all.Contains(FileFormat.Json))
        {
            var empty = Path.Combine(ScanFolder(scan.Number), "empty");
            File.WriteAllText(empty, "");
            json.Add(Linked(scan.Number, empty, "other", [.. scan.Source.Keys.Select(_ => (string?)null)], "empty"));
        }

        var kept = new List<DataFile>(scan.Files.Count);
        foreach (var file in scan.Files)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                var name = kept.Count.ToString(CultureInfo.InvariantCulture);
                if (file.Partition.Format == FileFormat.Json)
                {
                    var path = Path.Combine(PartitionFolder(scan.Number, marker, file.Partition.Values), name);
                    json.Add(_world.Json.Place(file.Object.Path, file.Object.Key.EndsWith(".gz", StringComparison.Ordinal), path, scan.Source.SkipsMalformedJson));
                }
                else
                {
                    parquet.Add(Linked(scan.Number, file.Object.Path, marker, file.Partition.Values, name));
                }

                kept.Add(file);
            }
            catch (FileNotFoundException)
            {
                // Deleted or replaced since it was listed: so it is for a reader of S3.
            }
        }

        scan.Files = kept;
        SetFiles($"parquet_{scan.Number}", parquet);
        if (json.Count > 0)
        {
            SetFiles($"json_{scan.Number}", json);
        }

        var view = QueryTranslator.Quote($"{scan.Source.Database}.{scan.Source.Name}");
        Execute($"CREATE OR REPLACE VIEW {view} AS {Reading(scan, parquet.Count > 0, json.Count > 0)}");
        RememberSizes(scan);
    }

    private void RememberSizes(Scan scan)
    {
        var unknown = scan.Files.Where(f => f.Partition.Format == FileFormat.Parquet && !_world.Sizes.Knows(f.Object.Path)).ToList();
        if (unknown.Count == 0)
        {
            return;
        }

        // By links of their own, whose names say which file it is.
        var folder = Directory.CreateDirectory(Path.Combine(ScanFolder(scan.Number), "sizes")).FullName;
        var paths = new List<string>(unknown.Count);
        for (var i = 0; i < unknown.Count; i++)
        {
            paths.Add(Path.Combine(folder, i.ToString(CultureInfo.InvariantCulture)));
            HardLinks.Create(paths[i], unknown[i].Object.Path);
        }

        SetFiles("sizes", paths);
        using var command = Command("""
            SELECT CAST(regexp_extract(file_name, '[0-9]+$') AS INTEGER), split_part(path_in_schema, ', ', 1), CAST(sum(total_compressed_size) AS BIGINT)
            FROM parquet_metadata(getvariable('sizes')) GROUP BY ALL ORDER BY 1
            """);
        using var reader = Run(command);
        var sizes = unknown.Select(_ => new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase)).ToList();
        while (reader.Read())
        {
            sizes[reader.GetInt32(0)][reader.GetString(1)] = reader.GetInt64(2);
        }

        for (var i = 0; i < unknown.Count; i++)
        {
            _world.Sizes.Add(unknown[i].Object.Path, sizes[i]);
        }
    }
}
