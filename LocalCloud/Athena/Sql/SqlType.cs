namespace LocalCloud.Athena.Sql;

/// <summary>
/// A column's type, one shape for the four spellings in use: Hive's in Glue (<c>array&lt;string&gt;</c>), Trino's in queries
/// (<c>array(varchar)</c>), DuckDB's (<c>VARCHAR[]</c>) and the bare names of Athena's ColumnInfo (<c>array</c>).
/// </summary>
/// <param name="Name">Trino's name, lower case: varchar, integer, timestamp, array, map, row, …</param>
/// <param name="Arguments">Element types of array, map and row.</param>
/// <param name="Fields">Field names of a row, in the order of <paramref name="Arguments"/>.</param>
/// <param name="Precision">A decimal's digits, a text's length.</param>
/// <param name="Scale">A decimal's digits after the point.</param>
internal sealed record SqlType(string Name, IReadOnlyList<SqlType> Arguments, IReadOnlyList<string> Fields, int? Precision = null, int? Scale = null)
{
    public static SqlType Of(string name, int? precision = null, int? scale = null) => new(name, [], [], precision, scale);

    public static readonly SqlType Varchar = Of("varchar");

    public bool IsText => Name is "varchar" or "char";

    /// <summary>Reads any of the spellings; an unknown name is kept, so that the message can name it.</summary>
    /// <exception cref="FormatException">The text is not a type.</exception>
    public static SqlType Parse(string text)
    {
        try
        {
            var reader = new SqlTypeReader(SqlLexer.Read(text));
            return reader.ReadToEnd();
        }
        catch (SqlSyntaxException problem)
        {
            throw new FormatException($"'{text}' is not a type: {problem.Message}");
        }
    }

    /// <summary>As Trino prints it: <c>array(varchar)</c>, <c>row(a integer)</c>.</summary>
    public string ToTrino() => Name switch
    {
        "array" => $"array({Arguments[0].ToTrino()})",
        "map" => $"map({Arguments[0].ToTrino()}, {Arguments[1].ToTrino()})",
        "row" => "row(" + string.Join(", ", Arguments.Select((a, i) => Fields[i].Length > 0 ? $"{Fields[i]} {a.ToTrino()}" : a.ToTrino())) + ")",
        "decimal" => $"decimal({Precision ?? 38},{Scale ?? 0})",
        "varchar" or "char" when Precision is { } length => $"{Name}({length})",
        "timestamp" => "timestamp(3)",
        "timestamp with time zone" => "timestamp(3) with time zone",
        _ => Name,
    };

    /// <summary>As Glue keeps it: <c>array&lt;string&gt;</c>, <c>int</c>.</summary>
    public string ToHive() => Name switch
    {
        "varchar" => Precision is { } length ? $"varchar({length})" : "string",
        "integer" => "int",
        "real" => "float",
        "varbinary" => "binary",
        "timestamp with time zone" => "timestamp",
        "json" or "time" or "uuid" => "string",
        "array" => $"array<{Arguments[0].ToHive()}>",
        "map" => $"map<{Arguments[0].ToHive()},{Arguments[1].ToHive()}>",
        "row" => "struct<" + string.Join(",", Arguments.Select((a, i) => $"{(Fields[i].Length > 0 ? Fields[i] : $"field{i}")}:{a.ToHive()}")) + ">",
        "decimal" => $"decimal({Precision ?? 38},{Scale ?? 0})",
        "char" => $"char({Precision ?? 1})",
        _ => Name,
    };

    /// <summary>The name in Athena's ColumnInfo.</summary>
    public string ToAthena() => Name switch
    {
        "real" => "float",
        "interval" => "interval day to second",
        _ => Name,
    };

    public string ToDuckDb() => Name switch
    {
        "varchar" or "char" => "VARCHAR",
        "boolean" => "BOOLEAN",
        "tinyint" => "TINYINT",
        "smallint" => "SMALLINT",
        "integer" => "INTEGER",
        "bigint" => "BIGINT",
        "real" => "FLOAT",
        "double" => "DOUBLE",
        "decimal" => $"DECIMAL({Precision ?? 38},{Scale ?? 0})",
        "date" => "DATE",
        "time" => "TIME",
        "timestamp" => "TIMESTAMP",
        "timestamp with time zone" => "TIMESTAMPTZ",
        "varbinary" => "BLOB",
        "json" => "JSON",
        "uuid" => "UUID",
        "array" => Arguments[0].ToDuckDb() + "[]",
        "map" => $"MAP({Arguments[0].ToDuckDb()}, {Arguments[1].ToDuckDb()})",
        "row" => "STRUCT(" + string.Join(", ", Arguments.Select((a, i) => $"{QuoteName(Fields[i].Length > 0 ? Fields[i] : $"field{i}")} {a.ToDuckDb()}")) + ")",
        _ => throw new NotSupportedException($"NOT_SUPPORTED: Unknown type: {Name}"),
    };

    private static string QuoteName(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    /// <summary>Trino's name for what Hive, DuckDB or an alias calls it.</summary>
    internal static string Canonical(string name) => name switch
    {
        "string" => "varchar",
        "int" => "integer",
        "float" => "real",
        "binary" or "blob" or "bytea" => "varbinary",
        "struct" => "row",
        "bool" or "logical" => "boolean",
        "numeric" or "dec" => "decimal",
        // DuckDB's sums are 128 bits wide, its sizes unsigned; both are bigint to a client of Athena.
        "hugeint" or "uhugeint" or "ubigint" or "uinteger" => "bigint",
        "usmallint" => "integer",
        "utinyint" => "smallint",
        "timestamptz" => "timestamp with time zone",
        "timestamp_s" or "timestamp_ms" or "timestamp_ns" or "datetime" => "timestamp",
        "null" => "unknown",
        _ => name,
    };
}

/// <summary>Reads one type from tokens; shared by the query parser (casts) and by <see cref="SqlType.Parse"/>.</summary>
internal sealed class SqlTypeReader(List<Token> tokens, int position = 0)
{
    public int Position { get; private set; } = position;

    private Token Current => tokens[Position];

    public SqlType ReadToEnd()
    {
        var type = Read();
        return Current.Kind == TokenKind.End ? type : throw SqlSyntaxException.At(Current, $"'{Current.Text}' after the type");
    }

    public SqlType Read()
    {
        if (Current.Kind is not (TokenKind.Word or TokenKind.Quoted))
        {
            throw SqlSyntaxException.At(Current, "a type is expected");
        }

        var name = SqlType.Canonical(Current.Text.ToLowerInvariant());
        Position++;
        var type = name switch
        {
            "array" => Nested(name, named: false),
            "map" => Nested(name, named: false),
            "row" => Nested(name, named: true),
            "decimal" or "varchar" or "char" or "timestamp" or "time" => Sized(name),
            _ => SqlType.Of(name),
        };

        if (type.Name == "double" && Current.Is("precision"))
        {
            Position++;
        }

        if (type.Name is "timestamp" or "time" && (Current.Is("with") || Current.Is("without")))
        {
            var zoned = Current.Is("with");
            Position += 3;
            type = zoned ? SqlType.Of(type.Name + " with time zone") : type;
        }

        // DuckDB writes VARCHAR[] where the others write array(varchar).
        while (Current.Is("[") && tokens[Position + 1].Is("]"))
        {
            Position += 2;
            type = new SqlType("array", [type], []);
        }

        return type;
    }

    private SqlType Sized(string name)
    {
        if (!Current.Is("("))
        {
            return SqlType.Of(name);
        }

        Position++;
        var sizes = new List<int>();
        while (!Current.Is(")"))
        {
            if (Current.Kind == TokenKind.Number && int.TryParse(Current.Text, out var size))
            {
                sizes.Add(size);
            }
            else if (!Current.Is(","))
            {
                throw SqlSyntaxException.At(Current, "a number is expected");
            }

            Position++;
        }

        Position++;
        // Athena knows timestamps of milliseconds only.
        return name is "timestamp" or "time" ? SqlType.Of(name) : SqlType.Of(name, sizes.Count > 0 ? sizes[0] : null, sizes.Count > 1 ? sizes[1] : null);
    }

    private SqlType Nested(string name, bool named)
    {
        var close = Current.Is("(") ? ")" : Current.Is("<") ? ">" : null;
        if (close is null)
        {
            throw SqlSyntaxException.At(Current, $"'(' or '<' is expected after {name}");
        }

        Position++;
        var (types, fields) = (new List<SqlType>(), new List<string>());
        while (true)
        {
            var field = "";
            if (named && Current.Kind is TokenKind.Word or TokenKind.Quoted && NextNamesAType())
            {
                field = Current.Text.ToLowerInvariant();
                Position += tokens[Position + 1].Is(":") ? 2 : 1;
            }

            types.Add(Read());
            fields.Add(field);
            if (Current.Is(","))
            {
                Position++;
                continue;
            }

            if (!Current.Is(close))
            {
                throw SqlSyntaxException.At(Current, $"'{close}' is expected");
            }

            Position++;
            return new SqlType(name, types, named ? fields : []);
        }
    }

    private bool NextNamesAType() =>
        tokens[Position + 1].Is(":") || (tokens[Position + 1].Kind is TokenKind.Word or TokenKind.Quoted && !tokens[Position + 1].Is("with") && !Current.Is("double"))
        || (Current.Is("double") && tokens[Position + 1].Kind is TokenKind.Word && !tokens[Position + 1].Is("precision"));
}
