using System.Text;
using LocalCloud.Athena.Scanning;
using LocalCloud.Athena.Sql;

namespace LocalCloud.Athena.Results;

/// <summary>
/// The file of a result, byte for byte as Athena writes it. A query's is CSV: a header row, every value in double
/// quotes (doubled inside), null as nothing at all, rows ended by LF. Every other statement's is text, a line a row.
/// </summary>
internal sealed class ResultFile : IDisposable
{
    private readonly FileStream _file;
    private readonly StreamWriter _writer;

    public ResultFile(string path)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose);
        _writer = new StreamWriter(_file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024, leaveOpen: true) { NewLine = "\n" };
    }

    public void WriteRow(IReadOnlyList<string?> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (i > 0)
            {
                _writer.Write(',');
            }

            if (values[i] is { } value)
            {
                _writer.Write('"');
                _writer.Write(value.Replace("\"", "\"\"", StringComparison.Ordinal));
                _writer.Write('"');
            }
        }

        _writer.Write('\n');
    }

    public void WriteLine(string line)
    {
        _writer.Write(line);
        _writer.Write('\n');
    }

    /// <summary>The whole file from its beginning.</summary>
    public Stream Content()
    {
        _writer.Flush();
        _file.Position = 0;
        return _file;
    }

    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }

    /// <summary>Athena's description of a column.</summary>
    public static ColumnInfo Describe(SourceColumn column)
    {
        var (precision, scale) = column.Type.Name switch
        {
            "varchar" or "char" => (column.Type.Precision ?? int.MaxValue, 0),
            "bigint" => (19, 0),
            "integer" => (10, 0),
            "smallint" => (5, 0),
            "tinyint" => (3, 0),
            "double" or "real" => (17, 0),
            "decimal" => (column.Type.Precision ?? 38, column.Type.Scale ?? 0),
            "timestamp" or "time" => (3, 0),
            "timestamp with time zone" => (3, 0),
            "varbinary" => (1073741824, 0),
            _ => (0, 0),
        };
        return new ColumnInfo
        {
            Name = column.Name,
            Label = column.Name,
            Type = column.Type.ToAthena(),
            Precision = precision,
            Scale = scale,
            CaseSensitive = column.Type.Name is "varchar" or "char",
        };
    }

    /// <summary>The columns of a result that is text.</summary>
    public static IReadOnlyList<ColumnInfo> TextColumns(params ReadOnlySpan<string> names)
    {
        var columns = new List<ColumnInfo>();
        foreach (var name in names)
        {
            columns.Add(Describe(new SourceColumn(name, SqlType.Varchar)) with { Type = "string", Precision = 0, CaseSensitive = false });
        }

        return columns;
    }
}
