using System.Globalization;
using LocalCloud.Athena.Sql;

namespace LocalCloud.Athena.Translation;

internal sealed partial class QueryTranslator
{
    public string Write(Expression expression) => expression switch
    {
        NullLiteral => "NULL",
        BooleanLiteral boolean => boolean.Value ? "TRUE" : "FALSE",
        NumberLiteral number => Number(number.Text),
        StringLiteral text => Text(text.Value),
        BinaryLiteral binary => $"unhex({Text(binary.Hex.Replace(" ", "", StringComparison.Ordinal))})",
        TypedLiteral typed => Typed(typed),
        IntervalLiteral interval => Interval(interval),
        ParameterMark mark => mark.Index < parameters.Count
            ? Write(parameters[mark.Index])
            : throw new QueryFailure(QueryError.Syntax, $"Incorrect number of parameters: expected more than {parameters.Count}"),
        NameReference name => Name(name),
        Unary unary => $"({unary.Operator} {Write(unary.Operand)})",
        Binary binary => Operation(binary),
        Logical logical => $"({Write(logical.Left)} {logical.Operator} {Write(logical.Right)})",
        Negation not => $"(NOT {Write(not.Operand)})",
        BetweenTest between => Checked(
            $"({Write(between.Value)} {(between.Not ? "NOT " : "")}BETWEEN {Write(between.Low)} AND {Write(between.High)})",
            [between.Value, between.Low, between.High], "BETWEEN", between.At),
        InList list => Checked($"({Write(list.Value)} {(list.Not ? "NOT " : "")}IN ({List(list.Items)}))", [list.Value, .. list.Items], "IN", list.At),
        InQuery query => $"({Write(query.Value)} {(query.Not ? "NOT " : "")}IN ({Write(query.Query)}))",
        LikeTest like => $"({Write(like.Value)} {(like.Not ? "NOT " : "")}LIKE {Write(like.Pattern)}{(like.Escape is null ? "" : " ESCAPE " + Write(like.Escape))})",
        NullTest isNull => $"({Write(isNull.Value)} IS {(isNull.Not ? "NOT " : "")}NULL)",
        DistinctTest distinct => $"({Write(distinct.Left)} IS {(distinct.Not ? "NOT " : "")}DISTINCT FROM {Write(distinct.Right)})",
        QuantifiedTest test => $"({Write(test.Value)} {test.Operator} {test.Quantifier.ToUpperInvariant()} ({Write(test.Query)}))",
        ExistsTest exists => $"EXISTS ({Write(exists.Query)})",
        ScalarQuery scalar => $"({Write(scalar.Query)})",
        CaseOf branches => Case(branches),
        CastOf cast => Cast(cast),
        ExtractOf extract => Functions.Extract(extract.Field, Write(extract.Value)),
        TrimOf trim => Trim(trim),
        AtTimeZone zoned => Functions.AtTimeZone(Write(zoned.Value), Write(zoned.Zone)),
        Subscript subscript => $"({Write(subscript.Value)})[{Write(subscript.Index)}]",
        FieldOf field => $"({Write(field.Value)}).{Quote(field.Field)}",
        ArrayOf array => $"[{List(array.Items)}]",
        RowOf row => $"row({List(row.Items)})",
        LambdaOf => throw new QueryFailure(QueryError.Syntax, "Lambda expressions are allowed only as arguments of functions that take them"),
        CurrentOf current => Current(current.What),
        Call call => WriteCall(call),
        _ => throw new InvalidOperationException(expression.GetType().Name),
    };

    // 1e0 is a double to both, 1.5 a decimal to both; a whole number too large for bigint fails in Trino.
    private static string Number(string text) =>
        text.All(char.IsAsciiDigit) && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? throw new QueryFailure(QueryError.Syntax, $"Invalid numeric literal: {text}")
            : text;

    private static string Typed(TypedLiteral literal) => literal.Type.Name switch
    {
        // A timestamp that ends in a zone is one with time zone.
        "timestamp" when !literal.Text.Trim().All(c => char.IsAsciiDigit(c) || c is '-' or ':' or '.' or ' ' or 'T') || literal.Text.LastIndexOf('-') > 8
            => $"CAST({Text(literal.Text)} AS TIMESTAMPTZ)",
        "decimal" => literal.Text,
        "json" => $"CAST({Text(literal.Text)} AS JSON)",
        _ => $"CAST({Text(literal.Text)} AS {literal.Type.ToDuckDb()})",
    };

    private static string Interval(IntervalLiteral interval)
    {
        if (interval.ToUnit is not null)
        {
            throw new QueryFailure(QueryError.NotSupported, $"Intervals from {interval.Unit} to {interval.ToUnit} are not supported here; add two intervals");
        }

        var text = $"INTERVAL {Text(interval.Text)} {interval.Unit.ToUpperInvariant()}";
        return interval.Negative ? $"(- {text})" : text;
    }

    private string Name(NameReference name)
    {
        if (_lambdas.Count > 0)
        {
            foreach (var scope in _lambdas)
            {
                if (scope.TryGetValue(name.Parts[0], out var replacement))
                {
                    return replacement + string.Concat(name.Parts.Skip(1).Select(p => "." + Quote(p)));
                }
            }
        }

        return string.Join('.', TableOf(name.Parts).Select(Quote));
    }

    // db.table.column names a column of a table that DuckDB knows as table only.
    private IReadOnlyList<string> TableOf(IReadOnlyList<string> parts) =>
        parts.Count > 2 && _tables.Contains((parts[0], parts[1])) ? [.. parts.Skip(1)]
        : parts.Count == 2 && _tables.Contains((parts[0], parts[1])) && !_tables.Any(t => t.Table == parts[0]) ? [parts[1]]
        : parts;

    private string Operation(Binary binary)
    {
        var (left, right) = (Write(binary.Left), Write(binary.Right));
        switch (binary.Operator)
        {
            case "/":
                return NeverFails ? $"pixel_try_divide({left}, {right})" : $"pixel_divide({left}, {right})";
            case "%":
                return NeverFails ? $"({left} % {right})" : $"pixel_modulo({left}, {right})";
            // A date plus an interval is a date; DuckDB makes a timestamp of it.
            case "+" or "-" when IsInterval(binary.Right):
                return $"cast_to_type({left} {binary.Operator} {right}, {left})";
            case "+" when IsInterval(binary.Left):
                return $"cast_to_type({left} + {right}, {right})";
            case "+" or "-" or "*" or "||":
                return $"({left} {binary.Operator} {right})";
            default:
                return Checked($"({left} {binary.Operator} {right})", [binary.Left, binary.Right], binary.Operator, binary.At);
        }
    }

    private static bool IsInterval(Expression expression) => expression switch
    {
        IntervalLiteral => true,
        Binary { Operator: "*" } product => IsInterval(product.Left) || IsInterval(product.Right),
        _ => false,
    };

    // Trino compares nothing with what is not its type: hour = 8 fails where hour is a varchar. DuckDB would cast. The
    // type is known when DuckDB plans the query, so the check is gone before it runs.
    private string Checked(string test, IReadOnlyList<Expression> operands, string op, Token at)
    {
        if (NeverFails)
        {
            return test;
        }

        var literals = operands.Select(LiteralKind).Where(k => k is not null).Distinct().ToList();
        var names = operands.OfType<NameReference>().ToList();
        if (literals.Count != 1 || names.Count != 1)
        {
            return test;
        }

        var where = $"line {at.Line}:{at.Column}";
        return $"({test} AND pixel_same_kind(typeof({Name(names[0])}), {Text(literals[0]!)}, {Text(op)}, {Text(where)}))";
    }

    private static string? LiteralKind(Expression expression) => expression switch
    {
        StringLiteral => "varchar",
        NumberLiteral number => number.Text.All(char.IsAsciiDigit) ? "integer" : "double",
        Unary unary => LiteralKind(unary.Operand),
        _ => null,
    };

    private string Case(CaseOf branches)
    {
        var sql = "CASE" + (branches.Operand is null ? "" : " " + Write(branches.Operand));
        foreach (var (when, then) in branches.Branches)
        {
            sql += $" WHEN {Write(when)} THEN {Write(then)}";
        }

        return sql + (branches.Else is null ? " END" : $" ELSE {Write(branches.Else)} END");
    }

    private string Cast(CastOf cast)
    {
        if (cast.Value is NullLiteral)
        {
            return $"CAST(NULL AS {cast.Type.ToDuckDb()})"; // the macros below ask for a type, which it has none of
        }

        var value = Write(cast.Value);
        if (Lenient && cast.Type.Name is "integer" or "bigint" or "smallint" or "tinyint" or "double" or "real" or "date" or "timestamp")
        {
            return Functions.NeverFailing(cast.Type, value);
        }

        var keyword = cast.Try ? "TRY_CAST" : "CAST";
        return cast.Type.Name switch
        {
            "varchar" or "char" when cast.Type.Precision is { } length => $"left(pixel_varchar({value}), {length})",
            "varchar" or "char" => $"pixel_varchar({value})",
            "json" => $"to_json({value})",
            "decimal" when Lenient => $"TRY_CAST({value} AS {cast.Type.ToDuckDb()})",
            "integer" or "bigint" or "smallint" or "tinyint" => $"{keyword}(pixel_rounded({value}) AS {cast.Type.ToDuckDb()})",
            _ => $"{keyword}({value} AS {cast.Type.ToDuckDb()})",
        };
    }

    private string Trim(TrimOf trim)
    {
        var name = trim.Side switch { "leading" => "ltrim", "trailing" => "rtrim", _ => "trim" };
        return trim.Characters is null ? $"{name}({Write(trim.Value)})" : $"{name}({Write(trim.Value)}, {Write(trim.Characters)})";
    }

    private string Current(string what)
    {
        var utc = now.UtcDateTime;
        return what switch
        {
            "current_timestamp" => $"CAST('{utc:yyyy-MM-dd HH:mm:ss.fff}+00' AS TIMESTAMPTZ)",
            "localtimestamp" => $"CAST('{utc:yyyy-MM-dd HH:mm:ss.fff}' AS TIMESTAMP)",
            "current_date" => $"CAST('{utc:yyyy-MM-dd}' AS DATE)",
            "current_time" or "localtime" => $"CAST('{utc:HH:mm:ss.fff}' AS TIME)",
            "current_catalog" => "'awsdatacatalog'",
            _ => throw new QueryFailure(QueryError.NotSupported, $"{what} is not supported here"),
        };
    }

    private string WriteCall(Call call)
    {
        if (call.Name is "now" or "current_timezone")
        {
            return call.Name == "now" ? Current("current_timestamp") : "'UTC'";
        }

        if (call.Name == "try")
        {
            var outer = _inTry;
            _inTry = true;
            var value = Write(call.Arguments.Count == 1 ? call.Arguments[0] : throw Functions.WrongArguments(call));
            _inTry = outer;
            return $"TRY({value})";
        }

        return Functions.Write(call, this);
    }

    /// <summary>A lambda, its parameters as DuckDB's own.</summary>
    public string Lambda(LambdaOf lambda)
    {
        _lambdas.Push(lambda.Parameters.ToDictionary(p => p, Quote));
        var body = Write(lambda.Body);
        _lambdas.Pop();
        return $"lambda {string.Join(", ", lambda.Parameters.Select(Quote))}: {body}";
    }

    /// <summary>A lambda's body with other expressions in place of its parameters.</summary>
    public string Inline(LambdaOf lambda, params ReadOnlySpan<string> replacements)
    {
        var scope = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < lambda.Parameters.Count; i++)
        {
            scope[lambda.Parameters[i]] = replacements[i];
        }

        _lambdas.Push(scope);
        var body = Write(lambda.Body);
        _lambdas.Pop();
        return body;
    }

    /// <summary>A name that occurs nowhere else, for a lambda of our own.</summary>
    public string FreshName() => Quote($"\u0001p{_names++}");

    /// <summary>FILTER and OVER, as they follow a call.</summary>
    public string Suffix(Call call, string? extraFilter = null)
    {
        var filter = call.Filter is null ? extraFilter : extraFilter is null ? Write(call.Filter) : $"{Write(call.Filter)} AND {extraFilter}";
        var sql = filter is null ? "" : $" FILTER (WHERE {filter})";
        if (call.Over is { } window)
        {
            sql += window.Name is not null && window.PartitionBy.Count == 0 && window.OrderBy.Count == 0 && window.Frame is null
                ? " OVER " + Quote(window.Name)
                : $" OVER ({WindowBody(window)})";
        }

        return sql;
    }

    public string OrderBy(IReadOnlyList<SortItem>? order) => order is null ? "" : " ORDER BY " + Sort(order);

    private string WindowBody(Window window)
    {
        var parts = new List<string>();
        if (window.Name is not null)
        {
            parts.Add(Quote(window.Name));
        }

        if (window.PartitionBy.Count > 0)
        {
            parts.Add("PARTITION BY " + List(window.PartitionBy));
        }

        if (window.OrderBy.Count > 0)
        {
            parts.Add("ORDER BY " + Sort(window.OrderBy));
        }

        if (window.Frame is { } frame)
        {
            var start = Bound(frame.Start);
            parts.Add(frame.End is null ? $"{frame.Unit} {start}" : $"{frame.Unit} BETWEEN {start} AND {Bound(frame.End)}");
        }

        return string.Join(' ', parts);
    }

    private string Bound(FrameBound bound) => bound.Value is null ? bound.Kind.ToUpperInvariant() : $"{Write(bound.Value)} {bound.Kind.ToUpperInvariant()}";
}
