namespace LocalCloud.Athena.Sql;

/// <summary>A position in a list of tokens, and the small steps every parser of ours is made of.</summary>
internal sealed class TokenReader(string source)
{
    private readonly List<Token> _tokens = SqlLexer.Read(source);
    private int _position;

    public string Source { get; } = source;

    public Token Current => _tokens[_position];

    public bool AtEnd => Current.Kind == TokenKind.End;

    public Token Peek(int ahead = 1) => _tokens[Math.Min(_position + ahead, _tokens.Count - 1)];

    public Token Take() => _tokens[AtEnd ? _position : _position++];

    /// <summary>Goes past these words when they are what comes next.</summary>
    public bool Accept(params ReadOnlySpan<string> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (!Peek(i).Is(words[i]))
            {
                return false;
            }
        }

        _position += words.Length;
        return true;
    }

    public void Expect(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (!Accept(word))
            {
                throw Unexpected($"'{word.ToUpperInvariant()}'");
            }
        }
    }

    public SqlSyntaxException Unexpected(string expecting) => SqlSyntaxException.Unexpected(Current, Source, expecting);

    /// <summary>A name, lower case as both Athena's dialects fold it.</summary>
    public string Name()
    {
        if (Current.Kind == TokenKind.Quoted || (Current.Kind == TokenKind.Word && !Reserved.Contains(Current.Text)))
        {
            return Take().Text.ToLowerInvariant();
        }

        throw Unexpected("<identifier>");
    }

    /// <summary><c>name</c>, <c>database.name</c> or <c>catalog.database.name</c>.</summary>
    public TableName TableName()
    {
        var at = Current;
        var parts = new List<string> { Name() };
        while (Accept("."))
        {
            parts.Add(Name());
        }

        return parts.Count <= 3 ? new TableName(parts, at) : throw SqlSyntaxException.At(at, $"Too many dots in table name: {string.Join('.', parts)}");
    }

    /// <summary>A Hive string: either quotes.</summary>
    public string Text()
    {
        if (Current.Kind is TokenKind.String or TokenKind.Quoted)
        {
            return Take().Text;
        }

        throw Unexpected("<string>");
    }

    public SqlType Type()
    {
        var reader = new SqlTypeReader(_tokens, _position);
        var type = reader.Read();
        _position = reader.Position;
        return type;
    }

    public List<T> List<T>(Func<T> item)
    {
        var items = new List<T> { item() };
        while (Accept(","))
        {
            items.Add(item());
        }

        return items;
    }

    public int Mark() => _position;

    public void Reset(int mark) => _position = mark;

    /// <summary>The source between a token and the last one taken.</summary>
    public string SourceFrom(Token first) => Source[first.Start.._tokens[Math.Max(_position - 1, 0)].End];

    public void ExpectEnd()
    {
        Accept(";");
        if (!AtEnd)
        {
            throw Unexpected("<EOF>");
        }
    }

    /// <summary>Trino's reserved words: never names unless quoted.</summary>
    public static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "alter", "and", "as", "between", "by", "case", "cast", "constraint", "create", "cross", "cube", "current_catalog", "current_date",
        "current_path", "current_role", "current_schema", "current_time", "current_timestamp", "current_user", "deallocate", "delete",
        "describe", "distinct", "drop", "else", "end", "escape", "except", "execute", "exists", "extract", "false", "for", "from", "full",
        "group", "grouping", "having", "in", "inner", "insert", "intersect", "into", "is", "join", "left", "like", "localtime",
        "localtimestamp", "natural", "not", "null", "on", "or", "order", "outer", "prepare", "recursive", "right", "rollup", "select",
        "table", "then", "true", "union", "unnest", "using", "values", "when", "where", "with",
    };
}
