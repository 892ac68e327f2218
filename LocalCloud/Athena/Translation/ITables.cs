using LocalCloud.Athena.Sql;

namespace LocalCloud.Athena.Translation;

/// <summary>What the names of a query stand for.</summary>
internal interface ITables
{
    /// <summary>The database of names that have none.</summary>
    string? DefaultDatabase { get; }

    /// <summary>How DuckDB calls a table, which is there from now on.</summary>
    /// <exception cref="QueryFailure">There is no such table.</exception>
    string Resolve(TableName table);

    /// <summary>The names of a table's columns, or null when they are not known.</summary>
    IReadOnlySet<string>? ColumnsOf(TableName table);
}
