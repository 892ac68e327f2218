using System.Text;
using LocalCloud.Athena.Scanning;
using LocalCloud.Athena.Sql;

namespace LocalCloud.Athena.Statements;

/// <summary>Reads the clauses of Hive's DDL.</summary>
internal sealed class HiveParser(TokenReader tokens)
{
    public CreateDatabase CreateDatabase()
    {
        var ifNotExists = tokens.Accept("if", "not", "exists");
        var name = tokens.Name();
        var comment = tokens.Accept("comment") ? tokens.Text() : null;
        var location = tokens.Accept("location") ? tokens.Text() : null;
        var properties = tokens.Accept("with", "dbproperties") ? Properties() : [];
        return new CreateDatabase(name, ifNotExists, comment, location, properties);
    }

    public CreateTable CreateTable(TableName table, bool ifNotExists)
    {
        var columns = tokens.Current.Is("(") ? Columns() : [];
        string? comment = null, location = null;
        List<SourceColumn> keys = [];
        Dictionary<string, string> properties = [];
        var format = new FormatClauses();
        while (true)
        {
            if (tokens.Accept("comment"))
            {
                comment = tokens.Text();
            }
            else if (tokens.Accept("partitioned", "by"))
            {
                keys = Columns();
            }
            else if (tokens.Accept("clustered", "by"))
            {
                throw tokens.Unexpected("'ROW', 'STORED', 'LOCATION', 'TBLPROPERTIES' (buckets are not supported)");
            }
            else if (tokens.Accept("row", "format", "serde"))
            {
                format.SerDe = tokens.Text();
                if (tokens.Accept("with", "serdeproperties"))
                {
                    format.Parameters = Properties();
                }
            }
            else if (tokens.Accept("row", "format", "delimited"))
            {
                Delimited(format);
            }
            else if (tokens.Accept("with", "serdeproperties"))
            {
                format.Parameters = Properties();
            }
            else if (tokens.Accept("stored", "as", "inputformat"))
            {
                format.Input = tokens.Text();
                tokens.Expect("outputformat");
                format.Output = tokens.Text();
            }
            else if (tokens.Accept("stored", "as"))
            {
                format.StoredAs = tokens.Take().Text;
            }
            else if (tokens.Accept("location"))
            {
                location = tokens.Text();
            }
            else if (tokens.Accept("tblproperties"))
            {
                properties = Properties();
            }
            else
            {
                return new CreateTable(table, ifNotExists, columns, keys, comment, format.Build(), location, properties);
            }
        }
    }

    private void Delimited(FormatClauses format)
    {
        format.SerDe ??= "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
        while (true)
        {
            if (tokens.Accept("fields", "terminated", "by"))
            {
                format.Parameters["field.delim"] = Unescape(tokens.Text());
                if (tokens.Accept("escaped", "by"))
                {
                    format.Parameters["escape.delim"] = Unescape(tokens.Text());
                }
            }
            else if (tokens.Accept("collection", "items", "terminated", "by"))
            {
                format.Parameters["collection.delim"] = Unescape(tokens.Text());
            }
            else if (tokens.Accept("map", "keys", "terminated", "by"))
            {
                format.Parameters["mapkey.delim"] = Unescape(tokens.Text());
            }
            else if (tokens.Accept("lines", "terminated", "by"))
            {
                format.Parameters["line.delim"] = Unescape(tokens.Text());
            }
            else if (tokens.Accept("null", "defined", "as"))
            {
                format.Parameters["serialization.null.format"] = Unescape(tokens.Text());
            }
            else
            {
                return;
            }
        }
    }

    private List<SourceColumn> Columns()
    {
        tokens.Expect("(");
        var columns = tokens.List(() =>
        {
            // Hive's names may be words that Trino reserves.
            if (tokens.Current.Kind is not (TokenKind.Word or TokenKind.Quoted))
            {
                throw tokens.Unexpected("<column>");
            }

            var name = tokens.Take().Text.ToLowerInvariant();
            var type = tokens.Type();
            return new SourceColumn(name, type, tokens.Accept("comment") ? tokens.Text() : null);
        });
        tokens.Expect(")");
        return columns;
    }

    private Dictionary<string, string> Properties()
    {
        tokens.Expect("(");
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        do
        {
            var key = Unescape(tokens.Text());
            tokens.Expect("=");
            properties[key] = Unescape(tokens.Text());
        }
        while (tokens.Accept(","));
        tokens.Expect(")");
        return properties;
    }

    /// <summary><c>PARTITION (year = '2026', …)</c>.</summary>
    public PartitionSpec PartitionSpec()
    {
        tokens.Expect("partition", "(");
        var terms = tokens.List(() =>
        {
            var column = tokens.Take().Text.ToLowerInvariant();
            var comparison = tokens.Current;
            if (comparison.Text is not ("=" or "<" or ">" or "<=" or ">=" or "<>" or "!="))
            {
                throw tokens.Unexpected("'='");
            }

            tokens.Take();
            var sign = tokens.Accept("-") ? "-" : "";
            if (tokens.Current.Kind == TokenKind.Word)
            {
                tokens.Take(); // DATE '2026-11-23'
            }

            var value = tokens.Current.Kind is TokenKind.String or TokenKind.Number or TokenKind.Quoted ? tokens.Take().Text : throw tokens.Unexpected("<value>");
            return (column, comparison.Text == "!=" ? "<>" : comparison.Text, sign + value);
        });
        tokens.Expect(")");
        return new PartitionSpec(terms);
    }

    /// <summary>What follows <c>ALTER TABLE name</c>, or null when it is something else.</summary>
    public Statement? AlterTable(TableName table)
    {
        if (tokens.Accept("add", "columns"))
        {
            return new AddColumns(table, Columns(), Replace: false);
        }

        if (tokens.Accept("replace", "columns"))
        {
            return new AddColumns(table, Columns(), Replace: true);
        }

        if (tokens.Accept("add"))
        {
            var ifNotExists = tokens.Accept("if", "not", "exists");
            var partitions = new List<(PartitionSpec, string?)>();
            do
            {
                var spec = PartitionSpec();
                partitions.Add((spec, tokens.Accept("location") ? tokens.Text() : null));
                tokens.Accept(",");
            }
            while (tokens.Current.Is("partition"));
            return new AddPartitions(table, ifNotExists, partitions);
        }

        if (tokens.Accept("drop"))
        {
            var ifExists = tokens.Accept("if", "exists");
            return tokens.Current.Is("partition") ? new DropPartitions(table, ifExists, tokens.List(PartitionSpec)) : null;
        }

        if (tokens.Accept("set", "tblproperties"))
        {
            return new SetProperties(table, Properties());
        }

        if (tokens.Accept("set", "location"))
        {
            return new SetLocation(table, null, tokens.Text());
        }

        if (!tokens.Current.Is("partition"))
        {
            return null;
        }

        var of = PartitionSpec();
        if (tokens.Accept("rename", "to"))
        {
            return new RenamePartition(table, of, PartitionSpec());
        }

        return tokens.Accept("set", "location") ? new SetLocation(table, of, tokens.Text()) : null;
    }

    // Hive strings know \t, \n, \\, \', \" and octal \001.
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            i++;
            if (text[i] is >= '0' and <= '3' && i + 2 < text.Length && text[i + 1] is >= '0' and <= '7' && text[i + 2] is >= '0' and <= '7')
            {
                result.Append((char)(((text[i] - '0') * 64) + ((text[i + 1] - '0') * 8) + (text[i + 2] - '0')));
                i += 2;
                continue;
            }

            result.Append(text[i] switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'b' => '\b', '0' => '\0', var other => other });
        }

        return result.ToString();
    }

    private sealed class FormatClauses
    {
        private const string TextInput = "org.apache.hadoop.mapred.TextInputFormat";
        private const string TextOutput = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat";

        public string? SerDe { get; set; }
        public string? Input { get; set; }
        public string? Output { get; set; }
        public string? StoredAs { get; set; }
        public Dictionary<string, string> Parameters { get; set; } = [];

        public TableFormat Build()
        {
            var stored = Known(StoredAs ?? "textfile");
            var format = Input is null && StoredAs is null && SerDe is not null
                ? new TableFormat(SerDe, TextInput, TextOutput, Parameters)
                : new TableFormat(SerDe ?? stored.SerDe, Input ?? stored.Input, Output ?? stored.Output, Parameters);
            return format with { Parameters = Parameters.Count == 0 ? new Dictionary<string, string> { ["serialization.format"] = "1" } : Parameters };
        }

        private static TableFormat Known(string storedAs) => storedAs.ToLowerInvariant() switch
        {
            "parquet" => Formats.Parquet,
            "orc" => new("org.apache.hadoop.hive.ql.io.orc.OrcSerde", "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat", "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat", NoParameters),
            "avro" => new("org.apache.hadoop.hive.serde2.avro.AvroSerDe", "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat", "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat", NoParameters),
            "json" or "jsonfile" => new("org.apache.hive.hcatalog.data.JsonSerDe", TextInput, TextOutput, NoParameters),
            "textfile" => new("org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", TextInput, TextOutput, NoParameters),
            var other => throw new SqlSyntaxException($"STORED AS {other} is not a format that Athena knows"),
        };

        private static readonly Dictionary<string, string> NoParameters = [];
    }
}

/// <summary>Formats that statements of ours write.</summary>
internal static class Formats
{
    public static TableFormat Parquet { get; } = new(
        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        new Dictionary<string, string> { ["serialization.format"] = "1" });
}
