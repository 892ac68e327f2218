namespace Cli.Query;

/// <summary>A column as Athena describes it.</summary>
/// <param name="Name">Its name in the result.</param>
/// <param name="Type">Athena's name of its type, such as <c>varchar</c> or <c>bigint</c>.</param>
public sealed record QueryColumn(string Name, string Type);

/// <summary>What a statement returned, all pages of it.</summary>
/// <param name="Columns">In the order of the statement; empty for a statement that returns nothing.</param>
/// <param name="Rows">One text or null a column, as Athena sends every type.</param>
/// <param name="ScannedBytes">What AWS would bill for.</param>
/// <param name="Duration">What Athena says it took.</param>
public sealed record QueryResult(IReadOnlyList<QueryColumn> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows, long ScannedBytes, TimeSpan Duration);
