using LocalCloud.Athena.Sql;

namespace LocalCloud.Athena.Statements;

/// <summary>Reads one statement: Trino's for queries and views, Hive's for the rest.</summary>
internal sealed class StatementParser
{
    private readonly TokenReader _tokens;
    private readonly QueryParser _queries;

    private StatementParser(string sql)
    {
        _tokens = new TokenReader(sql);
        _queries = new QueryParser(_tokens);
    }

    /// <param name="sql">The statement, perhaps with a semicolon behind it.</param>
    /// <param name="parameters">How many <c>?</c> it has.</param>
    /// <exception cref="SqlSyntaxException">It is not one that Athena knows.</exception>
    public static Statement Parse(string sql, out int parameters)
    {
        var parser = new StatementParser(sql);
        var statement = parser.Statement();
        parser._tokens.ExpectEnd();
        parameters = parser._queries.Expressions.ParameterCount;
        return statement;
    }

    /// <summary>Reads the value of a <c>?</c>: an expression such as <c>'text'</c>, <c>12</c> or <c>DATE '2026-11-23'</c>.</summary>
    public static Expression ParseParameter(string value)
    {
        var tokens = new TokenReader(value);
        var expression = new QueryParser(tokens).Expressions.Any();
        tokens.ExpectEnd();
        return expression;
    }

    private Statement Statement()
    {
        var first = _tokens.Current;
        return first.Kind is not (TokenKind.Word or TokenKind.Symbol) ? throw Unknown() : first.Text switch
        {
            "select" or "with" or "values" or "(" or "table" => new QueryStatement(_queries.Query()),
            "explain" => Explain(),
            "create" => Create(),
            "drop" => Drop(),
            "show" => Show(),
            "describe" or "desc" => Describe(),
            "msck" => Repair(),
            "alter" => Alter(),
            "insert" => Insert(),
            "unload" => Unload(),
            // Athena has these, for other kinds of tables or with state between statements.
            "delete" or "update" or "merge" or "vacuum" or "optimize" or "prepare" or "execute" or "deallocate" or "analyze" or "call" or "using" =>
                AllOf(first.Text.ToUpperInvariant()),
            _ => throw Unknown(),
        };
    }

    private SqlSyntaxException Unknown() => _tokens.Unexpected(
        "'ALTER', 'CREATE', 'DESC', 'DESCRIBE', 'DROP', 'EXPLAIN', 'INSERT', 'MSCK', 'SHOW', 'UNLOAD', <query>");

    private Unsupported AllOf(string what)
    {
        while (!_tokens.AtEnd)
        {
            _tokens.Take();
        }

        return new Unsupported(what);
    }

    private Statement Explain()
    {
        _tokens.Expect("explain");
        if (_tokens.Accept("analyze"))
        {
            return AllOf("EXPLAIN ANALYZE");
        }

        if (_tokens.Current.Is("(") && !_tokens.Peek().Is("select"))
        {
            // (TYPE LOGICAL, FORMAT TEXT): there is one kind of plan here.
            while (!_tokens.Accept(")") && !_tokens.AtEnd)
            {
                _tokens.Take();
            }
        }

        return new ExplainStatement(_queries.Query());
    }

    private Statement Create()
    {
        _tokens.Expect("create");
        var replace = _tokens.Accept("or", "replace");
        if (_tokens.Accept("view"))
        {
            var view = _tokens.TableName();
            _tokens.Expect("as");
            var start = _tokens.Current;
            var query = _queries.Query();
            return new CreateView(view, replace, query, _tokens.SourceFrom(start));
        }

        if (_tokens.Accept("database") || _tokens.Accept("schema"))
        {
            return new HiveParser(_tokens).CreateDatabase();
        }

        if (_tokens.Accept("protected") || _tokens.Accept("multi"))
        {
            return AllOf("CREATE VIEW of another dialect");
        }

        var external = _tokens.Accept("external");
        _tokens.Expect("table");
        var ifNotExists = _tokens.Accept("if", "not", "exists");
        var table = _tokens.TableName();
        if (!external && (_tokens.Current.Is("with") || _tokens.Current.Is("as")))
        {
            return CreateTableAs(table, ifNotExists);
        }

        var created = new HiveParser(_tokens).CreateTable(table, ifNotExists);
        return external || created.Properties.ContainsKey("table_type") ? created : throw new SqlSyntaxException("Queries of this type are not supported: CREATE TABLE needs EXTERNAL");
    }

    private CreateTableAs CreateTableAs(TableName table, bool ifNotExists)
    {
        var properties = _tokens.Accept("with") ? Properties() : new Dictionary<string, Expression>();
        _tokens.Expect("as");
        var query = _queries.Query();
        var withData = true;
        if (_tokens.Accept("with"))
        {
            withData = !_tokens.Accept("no");
            _tokens.Expect("data");
        }

        return new CreateTableAs(table, ifNotExists, properties, query, withData);
    }

    private Dictionary<string, Expression> Properties()
    {
        _tokens.Expect("(");
        var properties = new Dictionary<string, Expression>(StringComparer.OrdinalIgnoreCase);
        do
        {
            var name = _tokens.Take().Text;
            _tokens.Expect("=");
            properties[name] = _queries.Expressions.Any();
        }
        while (_tokens.Accept(","));
        _tokens.Expect(")");
        return properties;
    }

    private InsertInto Insert()
    {
        _tokens.Expect("insert", "into");
        var table = _tokens.TableName();
        List<string> columns = [];
        if (_tokens.Current.Is("(") && !_tokens.Peek().Is("select") && !_tokens.Peek().Is("with") && !_tokens.Peek().Is("values"))
        {
            _tokens.Expect("(");
            columns = _tokens.List(_tokens.Name);
            _tokens.Expect(")");
        }

        return new InsertInto(table, columns, _queries.Query());
    }

    private Unload Unload()
    {
        _tokens.Expect("unload", "(");
        var query = _queries.Query();
        _tokens.Expect(")", "to");
        var location = _tokens.Text();
        return new Unload(query, location, _tokens.Accept("with") ? Properties() : new Dictionary<string, Expression>());
    }

    private Statement Drop()
    {
        _tokens.Expect("drop");
        var what = _tokens.Take();
        switch (what.Text)
        {
            case "view":
                var viewMayLack = _tokens.Accept("if", "exists");
                return new DropView(_tokens.TableName(), viewMayLack);
            case "table":
                var tableMayLack = _tokens.Accept("if", "exists");
                return new DropTable(_tokens.TableName(), tableMayLack);
            case "database" or "schema":
                var mayLack = _tokens.Accept("if", "exists");
                var name = _tokens.Name();
                var cascade = _tokens.Accept("cascade");
                if (!cascade)
                {
                    _tokens.Accept("restrict");
                }

                return new DropDatabase(name, mayLack, cascade);
            default:
                throw SqlSyntaxException.Unexpected(what, _tokens.Source, "'DATABASE', 'SCHEMA', 'TABLE', 'VIEW'");
        }
    }

    private Statement Show()
    {
        _tokens.Expect("show");
        var what = _tokens.Take();
        switch (what.Text)
        {
            case "databases" or "schemas":
                return new ShowDatabases(Pattern());
            case "tables" or "views":
                var database = _tokens.Accept("in") || _tokens.Accept("from") ? _tokens.Name() : null;
                return new ShowTables(database, Pattern(), what.Text == "views");
            case "columns":
                if (!_tokens.Accept("in"))
                {
                    _tokens.Expect("from");
                }

                var table = _tokens.TableName();
                if (_tokens.Accept("in") || _tokens.Accept("from"))
                {
                    table = table with { Parts = [_tokens.Name(), table.Parts[^1]] };
                }

                return new ShowColumns(table);
            case "partitions":
                var partitioned = _tokens.TableName();
                return new ShowPartitions(partitioned, _tokens.Current.Is("partition") ? new HiveParser(_tokens).PartitionSpec() : null);
            case "create":
                if (_tokens.Accept("view"))
                {
                    return new ShowCreateView(_tokens.TableName());
                }

                _tokens.Expect("table");
                return new ShowCreateTable(_tokens.TableName());
            case "tblproperties":
                var owner = _tokens.TableName();
                string? key = null;
                if (_tokens.Accept("("))
                {
                    key = _tokens.Text();
                    _tokens.Expect(")");
                }

                return new ShowProperties(owner, key);
            default:
                throw SqlSyntaxException.Unexpected(what, _tokens.Source, "'COLUMNS', 'CREATE', 'DATABASES', 'PARTITIONS', 'SCHEMAS', 'TABLES', 'TBLPROPERTIES', 'VIEWS'");
        }
    }

    private string? Pattern()
    {
        _tokens.Accept("like");
        return _tokens.Current.Kind == TokenKind.String ? _tokens.Text() : null;
    }

    private Describe Describe()
    {
        _tokens.Take();
        var formatted = _tokens.Accept("formatted") || _tokens.Accept("extended");
        var table = _tokens.TableName();
        if (_tokens.Current.Is("partition"))
        {
            new HiveParser(_tokens).PartitionSpec();
        }

        return new Describe(table, formatted, _tokens.AtEnd || _tokens.Current.Is(";") ? null : _tokens.Name());
    }

    private RepairTable Repair()
    {
        _tokens.Expect("msck", "repair", "table");
        return new RepairTable(_tokens.TableName());
    }

    private Statement Alter()
    {
        _tokens.Expect("alter");
        if (_tokens.Accept("view") || _tokens.Accept("database") || _tokens.Accept("schema"))
        {
            return AllOf("ALTER of anything but a table");
        }

        _tokens.Expect("table");
        return new HiveParser(_tokens).AlterTable(_tokens.TableName()) ?? AllOf("this form of ALTER TABLE");
    }
}
