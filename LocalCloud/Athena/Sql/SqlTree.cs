namespace LocalCloud.Athena.Sql;

// The tree of a Trino query, as far as Athena's users write it. Names are lower case already (Trino folds quoted ones too).

internal abstract record Expression;

internal sealed record NullLiteral : Expression;
internal sealed record BooleanLiteral(bool Value) : Expression;
internal sealed record NumberLiteral(string Text) : Expression;
internal sealed record StringLiteral(string Value) : Expression;
internal sealed record BinaryLiteral(string Hex) : Expression;

/// <summary><c>DATE '2026-11-23'</c>, <c>TIMESTAMP '…'</c>, <c>DECIMAL '1.5'</c>.</summary>
internal sealed record TypedLiteral(SqlType Type, string Text) : Expression;
internal sealed record IntervalLiteral(string Text, bool Negative, string Unit, string? ToUnit) : Expression;

/// <summary><c>?</c>, counted from 0.</summary>
internal sealed record ParameterMark(int Index) : Expression;

/// <summary>A column, or anything dotted: <c>column</c>, <c>table.column</c>, <c>column.field</c>.</summary>
internal sealed record NameReference(IReadOnlyList<string> Parts, Token At) : Expression;
internal sealed record Unary(string Operator, Expression Operand) : Expression;
internal sealed record Binary(string Operator, Expression Left, Expression Right, Token At) : Expression;
internal sealed record Logical(string Operator, Expression Left, Expression Right) : Expression;
internal sealed record Negation(Expression Operand) : Expression;
internal sealed record BetweenTest(Expression Value, Expression Low, Expression High, bool Not, Token At) : Expression;
internal sealed record InList(Expression Value, IReadOnlyList<Expression> Items, bool Not, Token At) : Expression;
internal sealed record InQuery(Expression Value, Query Query, bool Not) : Expression;
internal sealed record LikeTest(Expression Value, Expression Pattern, Expression? Escape, bool Not) : Expression;
internal sealed record NullTest(Expression Value, bool Not) : Expression;
internal sealed record DistinctTest(Expression Left, Expression Right, bool Not) : Expression;
internal sealed record QuantifiedTest(string Operator, Expression Value, string Quantifier, Query Query) : Expression;
internal sealed record ExistsTest(Query Query) : Expression;
internal sealed record ScalarQuery(Query Query) : Expression;
internal sealed record CaseOf(Expression? Operand, IReadOnlyList<(Expression When, Expression Then)> Branches, Expression? Else) : Expression;
internal sealed record CastOf(Expression Value, SqlType Type, bool Try) : Expression;
internal sealed record ExtractOf(string Field, Expression Value) : Expression;
internal sealed record TrimOf(string Side, Expression? Characters, Expression Value) : Expression;
internal sealed record AtTimeZone(Expression Value, Expression Zone) : Expression;
internal sealed record Subscript(Expression Value, Expression Index) : Expression;
internal sealed record FieldOf(Expression Value, string Field) : Expression;
internal sealed record ArrayOf(IReadOnlyList<Expression> Items) : Expression;
internal sealed record RowOf(IReadOnlyList<Expression> Items) : Expression;
internal sealed record LambdaOf(IReadOnlyList<string> Parameters, Expression Body) : Expression;

/// <summary><c>current_timestamp</c>, <c>current_date</c>, <c>localtimestamp</c>, … (without parentheses).</summary>
internal sealed record CurrentOf(string What) : Expression;

internal sealed record Call(
    string Name,
    IReadOnlyList<Expression> Arguments,
    Token At,
    bool Star = false,
    bool Distinct = false,
    IReadOnlyList<SortItem>? OrderBy = null,
    Expression? Filter = null,
    bool IgnoreNulls = false,
    Window? Over = null) : Expression;

internal sealed record SortItem(Expression Value, bool Descending, bool? NullsFirst);

/// <summary>A window, by name or in full; <see cref="Frame"/> is the frame clause in words both dialects share.</summary>
internal sealed record Window(string? Name, IReadOnlyList<Expression> PartitionBy, IReadOnlyList<SortItem> OrderBy, WindowFrame? Frame);
internal sealed record WindowFrame(string Unit, FrameBound Start, FrameBound? End);
internal sealed record FrameBound(string Kind, Expression? Value);

internal sealed record Query(With? With, QueryBody Body, IReadOnlyList<SortItem> OrderBy, Expression? Offset, Expression? Limit);
internal sealed record With(bool Recursive, IReadOnlyList<CommonTable> Tables);
internal sealed record CommonTable(string Name, IReadOnlyList<string> Columns, Query Query);

internal abstract record QueryBody;
internal sealed record Select(
    bool Distinct,
    IReadOnlyList<SelectItem> Items,
    Relation? From,
    Expression? Where,
    IReadOnlyList<GroupItem> GroupBy,
    Expression? Having,
    IReadOnlyList<(string Name, Window Window)> Windows) : QueryBody;
internal sealed record SetOperation(string Operator, bool All, QueryBody Left, QueryBody Right) : QueryBody;
internal sealed record ValuesBody(IReadOnlyList<Expression> Rows) : QueryBody;
internal sealed record TableBody(TableName Table) : QueryBody;
internal sealed record NestedQuery(Query Query) : QueryBody;

/// <summary>One output; <see cref="Value"/> is null for <c>*</c> and <c>t.*</c>.</summary>
internal sealed record SelectItem(Expression? Value, string? Alias, IReadOnlyList<string>? StarOf);

internal sealed record GroupItem(string Kind, IReadOnlyList<IReadOnlyList<Expression>> Sets);

internal abstract record Relation;
internal sealed record TableName(IReadOnlyList<string> Parts, Token At) : Relation;
internal sealed record QueryRelation(Query Query, bool Lateral) : Relation;
internal sealed record UnnestRelation(IReadOnlyList<Expression> Values, bool WithOrdinality) : Relation;
internal sealed record AliasedRelation(Relation Inner, string Alias, IReadOnlyList<string> Columns) : Relation;
internal sealed record SampledRelation(Relation Inner, string Method, string Percentage) : Relation;
internal sealed record JoinRelation(string Kind, Relation Left, Relation Right, Expression? On, IReadOnlyList<string>? Using, bool Natural) : Relation;
