namespace LocalCloud.Athena.Sql;

/// <summary>Reads Trino queries: <c>WITH</c>, <c>SELECT</c>, set operations, <c>VALUES</c>, joins, <c>UNNEST</c>.</summary>
internal sealed class QueryParser
{
    private readonly TokenReader _tokens;
    private readonly ExpressionParser _expressions;

    public QueryParser(TokenReader tokens)
    {
        _tokens = tokens;
        _expressions = new ExpressionParser(tokens, this);
    }

    public ExpressionParser Expressions => _expressions;

    public static bool Starts(TokenReader tokens) =>
        tokens.Current.Is("select") || tokens.Current.Is("with") || tokens.Current.Is("values") || tokens.Current.Is("(") || tokens.Current.Is("table");

    public Query Query()
    {
        var with = _tokens.Accept("with") ? With() : null;
        var body = SetExpression();
        IReadOnlyList<SortItem> order = _tokens.Accept("order", "by") ? _tokens.List(SortItem) : [];
        Expression? offset = null, limit = null;
        if (_tokens.Accept("offset"))
        {
            offset = _expressions.Value();
            _ = _tokens.Accept("rows") || _tokens.Accept("row");
        }

        if (_tokens.Accept("limit"))
        {
            limit = _tokens.Accept("all") ? null : _expressions.Value();
        }
        else if (_tokens.Accept("fetch"))
        {
            if (!_tokens.Accept("first"))
            {
                _tokens.Expect("next");
            }

            limit = _tokens.Current.Is("row") || _tokens.Current.Is("rows") ? new NumberLiteral("1") : _expressions.Value();
            _ = _tokens.Accept("rows") || _tokens.Accept("row");
            _tokens.Expect("only");
        }

        return new Query(with, body, order, offset, limit);
    }

    private With With()
    {
        var recursive = _tokens.Accept("recursive");
        return new With(recursive, _tokens.List(() =>
        {
            var name = _tokens.Name();
            var columns = ColumnNames();
            _tokens.Expect("as", "(");
            var query = Query();
            _tokens.Expect(")");
            return new CommonTable(name, columns, query);
        }));
    }

    private IReadOnlyList<string> ColumnNames()
    {
        if (!_tokens.Accept("("))
        {
            return [];
        }

        var names = _tokens.List(_tokens.Name);
        _tokens.Expect(")");
        return names;
    }

    private QueryBody SetExpression()
    {
        var left = IntersectExpression();
        while (_tokens.Current.Is("union") || _tokens.Current.Is("except"))
        {
            var op = _tokens.Take().Text;
            left = new SetOperation(op, All(), left, IntersectExpression());
        }

        return left;
    }

    private QueryBody IntersectExpression()
    {
        var left = Primary();
        while (_tokens.Accept("intersect"))
        {
            left = new SetOperation("intersect", All(), left, Primary());
        }

        return left;
    }

    private bool All()
    {
        var all = _tokens.Accept("all");
        if (!all)
        {
            _tokens.Accept("distinct");
        }

        return all;
    }

    private QueryBody Primary()
    {
        if (_tokens.Accept("("))
        {
            var query = Query();
            _tokens.Expect(")");
            return new NestedQuery(query);
        }

        if (_tokens.Accept("values"))
        {
            return new ValuesBody(_tokens.List(_expressions.Any));
        }

        if (_tokens.Accept("table"))
        {
            return new TableBody(_tokens.TableName());
        }

        if (_tokens.Current.Is("select"))
        {
            return Select();
        }

        throw _tokens.Unexpected("'(', 'SELECT', 'TABLE', 'VALUES'");
    }

    private Select Select()
    {
        _tokens.Expect("select");
        var distinct = _tokens.Accept("distinct");
        if (!distinct)
        {
            _tokens.Accept("all");
        }

        var items = _tokens.List(SelectItem);
        var from = _tokens.Accept("from") ? Relations() : null;
        var where = _tokens.Accept("where") ? _expressions.Any() : null;
        IReadOnlyList<GroupItem> groups = [];
        if (_tokens.Accept("group", "by"))
        {
            if (!_tokens.Accept("distinct"))
            {
                _tokens.Accept("all");
            }

            groups = _tokens.List(GroupItem);
        }

        var having = _tokens.Accept("having") ? _expressions.Any() : null;
        IReadOnlyList<(string, Window)> windows = [];
        if (_tokens.Accept("window"))
        {
            windows = _tokens.List(() =>
            {
                var name = _tokens.Name();
                _tokens.Expect("as");
                return (name, _expressions.WindowInParentheses());
            });
        }

        return new Select(distinct, items, from, where, groups, having, windows);
    }

    private SelectItem SelectItem()
    {
        if (_tokens.Accept("*"))
        {
            return new SelectItem(null, null, []);
        }

        // t.* and db.t.*
        var mark = _tokens.Mark();
        if (_tokens.Current.Kind is TokenKind.Word or TokenKind.Quoted && _tokens.Peek().Is("."))
        {
            var parts = new List<string>();
            while (_tokens.Current.Kind is TokenKind.Word or TokenKind.Quoted && _tokens.Peek().Is("."))
            {
                parts.Add(_tokens.Take().Text.ToLowerInvariant());
                _tokens.Take();
                if (_tokens.Accept("*"))
                {
                    return new SelectItem(null, null, parts);
                }
            }

            _tokens.Reset(mark);
        }

        var value = _expressions.Any();
        return new SelectItem(value, Alias(), null);
    }

    private string? Alias()
    {
        if (_tokens.Accept("as"))
        {
            return _tokens.Name();
        }

        var isAlias = _tokens.Current.Kind == TokenKind.Quoted
            || (_tokens.Current.Kind == TokenKind.Word && !TokenReader.Reserved.Contains(_tokens.Current.Text) && !StartsClause());
        return isAlias ? _tokens.Name() : null;
    }

    // Words Trino does not reserve but which begin the next clause where an alias could stand.
    private bool StartsClause() => _tokens.Current.Text switch
    {
        "limit" => _tokens.Peek().Kind is TokenKind.Number or TokenKind.Parameter || _tokens.Peek().Is("all"),
        "offset" => _tokens.Peek().Kind is TokenKind.Number or TokenKind.Parameter,
        "fetch" => _tokens.Peek().Is("first") || _tokens.Peek().Is("next"),
        "window" => _tokens.Peek(2).Is("as"),
        "tablesample" => true,
        _ => false,
    };

    private GroupItem GroupItem()
    {
        if (_tokens.Accept("rollup"))
        {
            return new GroupItem("rollup", [ExpressionsInParentheses()]);
        }

        if (_tokens.Accept("cube"))
        {
            return new GroupItem("cube", [ExpressionsInParentheses()]);
        }

        if (_tokens.Accept("grouping", "sets"))
        {
            _tokens.Expect("(");
            var sets = _tokens.List(() => _tokens.Current.Is("(") ? ExpressionsInParentheses() : [_expressions.Any()]);
            _tokens.Expect(")");
            return new GroupItem("grouping sets", sets);
        }

        if (_tokens.Accept("(", ")"))
        {
            return new GroupItem("set", [[]]);
        }

        var value = _expressions.Any();
        return new GroupItem("set", [value is RowOf row ? row.Items : [value]]);
    }

    private IReadOnlyList<Expression> ExpressionsInParentheses()
    {
        _tokens.Expect("(");
        if (_tokens.Accept(")"))
        {
            return [];
        }

        var items = _tokens.List(_expressions.Any);
        _tokens.Expect(")");
        return items;
    }

    public SortItem SortItem()
    {
        var value = _expressions.Any();
        var descending = _tokens.Accept("desc");
        if (!descending)
        {
            _tokens.Accept("asc");
        }

        bool? nullsFirst = null;
        if (_tokens.Accept("nulls"))
        {
            nullsFirst = _tokens.Accept("first");
            if (nullsFirst == false)
            {
                _tokens.Expect("last");
            }
        }

        return new SortItem(value, descending, nullsFirst);
    }

    private Relation Relations()
    {
        var relation = Joined();
        while (_tokens.Accept(","))
        {
            relation = new JoinRelation("cross", relation, Joined(), null, null, false);
        }

        return relation;
    }

    private Relation Joined()
    {
        var left = Sampled();
        while (true)
        {
            if (_tokens.Accept("cross", "join"))
            {
                left = new JoinRelation("cross", left, Sampled(), null, null, false);
                continue;
            }

            var natural = _tokens.Accept("natural");
            var kind = JoinKind();
            if (kind is null)
            {
                return natural ? throw _tokens.Unexpected("'JOIN'") : left;
            }

            var right = Sampled();
            if (natural)
            {
                left = new JoinRelation(kind, left, right, null, null, true);
            }
            else if (_tokens.Accept("on"))
            {
                left = new JoinRelation(kind, left, right, _expressions.Any(), null, false);
            }
            else if (_tokens.Accept("using"))
            {
                left = new JoinRelation(kind, left, right, null, ColumnNames(), false);
            }
            else
            {
                throw _tokens.Unexpected("'ON', 'USING'");
            }
        }
    }

    private string? JoinKind()
    {
        if (_tokens.Accept("join") || _tokens.Accept("inner", "join"))
        {
            return "inner";
        }

        foreach (var side in (ReadOnlySpan<string>)["left", "right", "full"])
        {
            if (_tokens.Accept(side))
            {
                _tokens.Accept("outer");
                _tokens.Expect("join");
                return side;
            }
        }

        return null;
    }

    private Relation Sampled()
    {
        var relation = Aliased();
        if (!_tokens.Accept("tablesample"))
        {
            return relation;
        }

        var method = _tokens.Name();
        _tokens.Expect("(");
        var percentage = _tokens.Take().Text;
        _tokens.Expect(")");
        return new SampledRelation(relation, method, percentage);
    }

    private Relation Aliased()
    {
        var relation = PrimaryRelation();
        var alias = Alias();
        return alias is null ? relation : new AliasedRelation(relation, alias, ColumnNames());
    }

    private Relation PrimaryRelation()
    {
        if (_tokens.Accept("unnest"))
        {
            var values = ExpressionsInParentheses();
            return new UnnestRelation(values, _tokens.Accept("with", "ordinality"));
        }

        var lateral = _tokens.Accept("lateral");
        if (!_tokens.Current.Is("("))
        {
            return _tokens.TableName();
        }

        // A parenthesis opens a query or a joined relation; only a query starts so, however deep it is nested.
        var depth = 0;
        while (_tokens.Peek(depth).Is("("))
        {
            depth++;
        }

        var isQuery = _tokens.Peek(depth) is var first && (first.Is("select") || first.Is("with") || first.Is("values") || first.Is("table"));
        var mark = _tokens.Mark();
        if (isQuery)
        {
            try
            {
                _tokens.Expect("(");
                var query = Query();
                _tokens.Expect(")");
                return new QueryRelation(query, lateral);
            }
            catch (SqlSyntaxException) when (depth > 1)
            {
                // ((SELECT …) a JOIN b …): a join that begins with a query.
                _tokens.Reset(mark);
            }
        }

        _tokens.Expect("(");
        var inner = Relations();
        _tokens.Expect(")");
        return inner;
    }
}
