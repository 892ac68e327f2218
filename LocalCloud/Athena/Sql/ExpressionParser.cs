namespace LocalCloud.Athena.Sql;

/// <summary>
/// Reads Trino expressions, loosest first: OR, AND, NOT, tests (comparison, BETWEEN, IN, LIKE, IS), <c>||</c>, <c>+ -</c>,
/// <c>* / %</c>, sign, AT TIME ZONE, subscripts and fields.
/// </summary>
internal sealed class ExpressionParser(TokenReader tokens, QueryParser queries)
{
    private int _parameters;

    public int ParameterCount => _parameters;

    public Expression Any() => Or();

    private Expression Or()
    {
        var left = And();
        while (tokens.Accept("or"))
        {
            left = new Logical("OR", left, And());
        }

        return left;
    }

    private Expression And()
    {
        var left = Not();
        while (tokens.Accept("and"))
        {
            left = new Logical("AND", left, Not());
        }

        return left;
    }

    private Expression Not() => tokens.Accept("not") ? new Negation(Not()) : Test();

    private Expression Test()
    {
        var value = Value();
        while (true)
        {
            var at = tokens.Current;
            if (at.Kind == TokenKind.Symbol && at.Text is "=" or "<>" or "!=" or "<" or "<=" or ">" or ">=")
            {
                tokens.Take();
                var op = at.Text == "!=" ? "<>" : at.Text;
                value = Quantifier() is { } quantifier
                    ? new QuantifiedTest(op, value, quantifier, QueryInParentheses())
                    : new Binary(op, value, Value(), at);
                continue;
            }

            if (tokens.Accept("is"))
            {
                var isNot = tokens.Accept("not");
                if (tokens.Accept("distinct", "from"))
                {
                    value = new DistinctTest(value, Value(), isNot);
                }
                else
                {
                    tokens.Expect("null");
                    value = new NullTest(value, isNot);
                }

                continue;
            }

            var not = at.Is("not") && (tokens.Peek().Is("between") || tokens.Peek().Is("in") || tokens.Peek().Is("like"));
            if (not)
            {
                tokens.Take();
            }

            if (tokens.Accept("between"))
            {
                var low = Value();
                tokens.Expect("and");
                value = new BetweenTest(value, low, Value(), not, at);
            }
            else if (tokens.Accept("in"))
            {
                tokens.Expect("(");
                if (QueryParser.Starts(tokens) && !tokens.Current.Is("("))
                {
                    value = new InQuery(value, queries.Query(), not);
                }
                else
                {
                    value = new InList(value, tokens.List(Any), not, at);
                }

                tokens.Expect(")");
            }
            else if (tokens.Accept("like"))
            {
                var pattern = Value();
                value = new LikeTest(value, pattern, tokens.Accept("escape") ? Value() : null, not);
            }
            else
            {
                return value;
            }
        }
    }

    private string? Quantifier()
    {
        if (!tokens.Peek().Is("("))
        {
            return null;
        }

        foreach (var quantifier in (ReadOnlySpan<string>)["all", "any", "some"])
        {
            if (tokens.Accept(quantifier))
            {
                return quantifier == "some" ? "any" : quantifier;
            }
        }

        return null;
    }

    private Query QueryInParentheses()
    {
        tokens.Expect("(");
        var query = queries.Query();
        tokens.Expect(")");
        return query;
    }

    /// <summary>An expression without AND, OR, NOT and tests: what may stand beside <c>BETWEEN … AND</c>.</summary>
    public Expression Value()
    {
        var left = Sum();
        while (tokens.Current is var at && tokens.Accept("||"))
        {
            left = new Binary("||", left, Sum(), at);
        }

        return left;
    }

    private Expression Sum()
    {
        var left = Product();
        while (tokens.Current is var at && (tokens.Accept("+") || tokens.Accept("-")))
        {
            left = new Binary(at.Text, left, Product(), at);
        }

        return left;
    }

    private Expression Product()
    {
        var left = Signed();
        while (tokens.Current is var at && (tokens.Accept("*") || tokens.Accept("/") || tokens.Accept("%")))
        {
            left = new Binary(at.Text, left, Signed(), at);
        }

        return left;
    }

    private Expression Signed()
    {
        if (tokens.Accept("-"))
        {
            return new Unary("-", Signed());
        }

        return tokens.Accept("+") ? Signed() : Zoned();
    }

    private Expression Zoned()
    {
        var value = Postfix();
        while (tokens.Accept("at", "time", "zone"))
        {
            value = new AtTimeZone(value, Postfix());
        }

        return value;
    }

    private Expression Postfix()
    {
        var value = Primary();
        while (true)
        {
            if (tokens.Accept("["))
            {
                value = new Subscript(value, Any());
                tokens.Expect("]");
            }
            else if (value is not NameReference && tokens.Accept("."))
            {
                value = new FieldOf(value, tokens.Name());
            }
            else
            {
                return value;
            }
        }
    }

    private Expression Primary()
    {
        var at = tokens.Current;
        switch (at.Kind)
        {
            case TokenKind.Number:
                return new NumberLiteral(tokens.Take().Text);
            case TokenKind.String:
                return new StringLiteral(tokens.Take().Text);
            case TokenKind.Binary:
                return new BinaryLiteral(tokens.Take().Text);
            case TokenKind.Parameter:
                tokens.Take();
                return new ParameterMark(_parameters++);
            case TokenKind.Symbol when at.Text == "(":
                return Parenthesized();
            case TokenKind.Quoted:
                return NameOrCall();
            case TokenKind.Word:
                return Keyword(at) ?? NameOrCall();
            default:
                throw tokens.Unexpected("<expression>");
        }
    }

    private Expression Parenthesized()
    {
        if (LambdaParameters() is { } parameters)
        {
            return new LambdaOf(parameters, Any());
        }

        tokens.Expect("(");
        if (tokens.Current.Is("select") || tokens.Current.Is("with") || tokens.Current.Is("values"))
        {
            var query = queries.Query();
            tokens.Expect(")");
            return new ScalarQuery(query);
        }

        var items = tokens.List(Any);
        tokens.Expect(")");
        return items.Count == 1 ? items[0] : new RowOf(items);
    }

    private List<string>? LambdaParameters()
    {
        var mark = tokens.Mark();
        tokens.Expect("(");
        var names = new List<string>();
        while (tokens.Current.Kind is TokenKind.Word or TokenKind.Quoted && (tokens.Peek().Is(",") || tokens.Peek().Is(")")))
        {
            names.Add(tokens.Take().Text.ToLowerInvariant());
            if (!tokens.Accept(","))
            {
                break;
            }
        }

        if (tokens.Accept(")") && tokens.Accept("->"))
        {
            return names;
        }

        tokens.Reset(mark);
        return null;
    }

    private Expression? Keyword(Token at)
    {
        var next = tokens.Peek();
        switch (at.Text)
        {
            case "null":
                tokens.Take();
                return new NullLiteral();
            case "true" or "false":
                tokens.Take();
                return new BooleanLiteral(at.Text == "true");
            case "current_timestamp" or "current_date" or "current_time" or "localtimestamp" or "localtime" or "current_user" or "current_catalog" or "current_schema":
                tokens.Take();
                if (tokens.Accept("("))
                {
                    tokens.Take();
                    tokens.Expect(")");
                }

                return new CurrentOf(at.Text);
            case "case":
                return Case();
            case "cast" when next.Is("("):
                return Cast(attempt: false);
            case "try_cast" when next.Is("("):
                return Cast(attempt: true);
            case "exists":
                tokens.Take();
                return new ExistsTest(QueryInParentheses());
            case "extract" when next.Is("("):
                return Extract();
            case "trim" when next.Is("("):
                return Trim();
            case "position" when next.Is("("):
                return PositionOf(at);
            case "array" when next.Is("["):
                tokens.Take();
                tokens.Take();
                IReadOnlyList<Expression> items = tokens.Current.Is("]") ? [] : tokens.List(Any);
                tokens.Expect("]");
                return new ArrayOf(items);
            case "row" when next.Is("("):
                tokens.Take();
                tokens.Take();
                var fields = tokens.List(Any);
                tokens.Expect(")");
                return new RowOf(fields);
            case "interval" when next.Kind == TokenKind.String || ((next.Is("-") || next.Is("+")) && tokens.Peek(2).Kind == TokenKind.String):
                return Interval();
            case "date" or "time" or "timestamp" or "decimal" or "double" or "real" or "bigint" or "integer" or "smallint" or "tinyint"
                or "boolean" or "varchar" or "char" or "json" when next.Kind == TokenKind.String:
                tokens.Take();
                return new TypedLiteral(SqlType.Of(at.Text), tokens.Take().Text);
            case "double" when next.Is("precision") && tokens.Peek(2).Kind == TokenKind.String:
                tokens.Take();
                tokens.Take();
                return new TypedLiteral(SqlType.Of("double"), tokens.Take().Text);
            default:
                return null;
        }
    }

    private CaseOf Case()
    {
        tokens.Expect("case");
        var operand = tokens.Current.Is("when") ? null : Any();
        var branches = new List<(Expression, Expression)>();
        while (tokens.Accept("when"))
        {
            var when = Any();
            tokens.Expect("then");
            branches.Add((when, Any()));
        }

        var otherwise = tokens.Accept("else") ? Any() : null;
        tokens.Expect("end");
        return new CaseOf(operand, branches, otherwise);
    }

    private CastOf Cast(bool attempt)
    {
        tokens.Take();
        tokens.Expect("(");
        var value = Any();
        tokens.Expect("as");
        var type = tokens.Type();
        tokens.Expect(")");
        return new CastOf(value, type, attempt);
    }

    private ExtractOf Extract()
    {
        tokens.Take();
        tokens.Expect("(");
        var field = tokens.Take().Text;
        tokens.Expect("from");
        var value = Any();
        tokens.Expect(")");
        return new ExtractOf(field, value);
    }

    private TrimOf Trim()
    {
        tokens.Take();
        tokens.Expect("(");
        var side = tokens.Accept("leading") ? "leading" : tokens.Accept("trailing") ? "trailing" : "both";
        if (side == "both")
        {
            tokens.Accept("both");
        }

        // TRIM([LEADING|TRAILING|BOTH] [characters] FROM value), and trim(value, characters).
        Expression? characters = null;
        tokens.Accept("from");
        var value = Any();
        if (tokens.Accept("from"))
        {
            (characters, value) = (value, Any());
        }
        else if (tokens.Accept(","))
        {
            characters = Any();
        }

        tokens.Expect(")");
        return new TrimOf(side, characters, value);
    }

    private Call PositionOf(Token at)
    {
        tokens.Take();
        tokens.Expect("(");
        var part = Value();
        tokens.Expect("in");
        var whole = Value();
        tokens.Expect(")");
        return new Call("strpos", [whole, part], at);
    }

    private IntervalLiteral Interval()
    {
        tokens.Take();
        var negative = tokens.Accept("-");
        if (!negative)
        {
            tokens.Accept("+");
        }

        var text = tokens.Take().Text;
        var unit = tokens.Take().Text;
        return new IntervalLiteral(text, negative, unit, tokens.Accept("to") ? tokens.Take().Text : null);
    }

    private Expression NameOrCall()
    {
        var at = tokens.Current;
        if (tokens.Peek().Is("->"))
        {
            var parameter = tokens.Name();
            tokens.Take();
            return new LambdaOf([parameter], Any());
        }

        // left(…), right(…) and grouping(…) are reserved words and functions at once.
        if (tokens.Peek().Is("(") && at.Kind == TokenKind.Word && (at.Text is "grouping" or "left" or "right" || !TokenReader.Reserved.Contains(at.Text)))
        {
            return Call();
        }

        var parts = new List<string> { tokens.Name() };
        while (tokens.Current.Is(".") && tokens.Peek().Kind is TokenKind.Word or TokenKind.Quoted)
        {
            tokens.Take();
            parts.Add(tokens.Take().Text.ToLowerInvariant());
        }

        return new NameReference(parts, at);
    }

    private Call Call()
    {
        var at = tokens.Take();
        tokens.Expect("(");
        var (star, distinct) = (false, false);
        List<Expression> arguments = [];
        IReadOnlyList<SortItem>? order = null;
        if (tokens.Accept("*"))
        {
            star = true;
        }
        else if (!tokens.Current.Is(")"))
        {
            distinct = tokens.Accept("distinct");
            if (!distinct)
            {
                tokens.Accept("all");
            }

            arguments = tokens.List(Any);
            order = tokens.Accept("order", "by") ? tokens.List(queries.SortItem) : null;
            if (tokens.Accept("on", "overflow"))
            {
                throw tokens.Unexpected("')' (ON OVERFLOW is not supported)");
            }
        }

        tokens.Expect(")");
        if (tokens.Accept("within", "group"))
        {
            tokens.Expect("(", "order", "by");
            order = tokens.List(queries.SortItem);
            tokens.Expect(")");
        }

        Expression? filter = null;
        if (tokens.Accept("filter", "("))
        {
            tokens.Expect("where");
            filter = Any();
            tokens.Expect(")");
        }

        var ignoreNulls = tokens.Accept("ignore", "nulls");
        if (!ignoreNulls)
        {
            tokens.Accept("respect", "nulls");
        }

        Window? over = null;
        if (tokens.Accept("over"))
        {
            over = tokens.Current.Is("(") ? WindowInParentheses() : new Window(tokens.Name(), [], [], null);
        }

        return new Call(at.Text, arguments, at, star, distinct, order, filter, ignoreNulls, over);
    }

    public Window WindowInParentheses()
    {
        tokens.Expect("(");
        string? name = null;
        if (tokens.Current.Kind is TokenKind.Word or TokenKind.Quoted && !tokens.Current.Is("partition") && !tokens.Current.Is("order")
            && !tokens.Current.Is("rows") && !tokens.Current.Is("range") && !tokens.Current.Is("groups"))
        {
            name = tokens.Name();
        }

        IReadOnlyList<Expression> partition = tokens.Accept("partition", "by") ? tokens.List(Any) : [];
        IReadOnlyList<SortItem> order = tokens.Accept("order", "by") ? tokens.List(queries.SortItem) : [];
        WindowFrame? frame = null;
        if (tokens.Current.Is("rows") || tokens.Current.Is("range") || tokens.Current.Is("groups"))
        {
            var unit = tokens.Take().Text;
            if (tokens.Accept("between"))
            {
                var start = Bound();
                tokens.Expect("and");
                frame = new WindowFrame(unit, start, Bound());
            }
            else
            {
                frame = new WindowFrame(unit, Bound(), null);
            }
        }

        tokens.Expect(")");
        return new Window(name, partition, order, frame);
    }

    private FrameBound Bound()
    {
        if (tokens.Accept("unbounded"))
        {
            return new FrameBound("unbounded " + Direction(), null);
        }

        if (tokens.Accept("current", "row"))
        {
            return new FrameBound("current row", null);
        }

        var value = Value();
        return new FrameBound(Direction(), value);
    }

    private string Direction()
    {
        if (tokens.Accept("preceding"))
        {
            return "preceding";
        }

        tokens.Expect("following");
        return "following";
    }
}
