namespace Catalog.Worker.Athena;

/// <summary>Names and texts as they stand in a statement, whatever is in them.</summary>
internal static class SqlText
{
    /// <summary>A name of a table or column.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text.</summary>
    public static string Literal(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
