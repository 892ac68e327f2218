namespace LocalCloud.Athena;

/// <summary>Why a query failed: the words of the name are what Athena puts before the message.</summary>
internal enum QueryError
{
    Syntax,
    NotSupported,
    FunctionNotFound,
    TableNotFound,
    SchemaNotFound,
    ColumnNotFound,
    TypeMismatch,
    DivisionByZero,
    InvalidCast,
    InvalidFunctionArgument,
    AlreadyExists,
    BadData,
    Internal,
    Exceeded,
}

/// <summary>A query ends FAILED with this message; nothing is wrong with LocalCloud.</summary>
internal sealed class QueryFailure(QueryError error, string message, Exception? inner = null) : Exception(message, inner)
{
    public QueryError Error { get; } = error;

    /// <summary>The name that the message is about, when it is about one.</summary>
    public string? Subject { get; init; }

    /// <summary>The message as StateChangeReason has it.</summary>
    public string Reason => Prefix is { } prefix ? $"{prefix}: {Message}" : Message;

    private string? Prefix => Error switch
    {
        QueryError.Syntax => "SYNTAX_ERROR",
        QueryError.NotSupported => "NOT_SUPPORTED",
        QueryError.FunctionNotFound => "FUNCTION_NOT_FOUND",
        QueryError.TableNotFound => "TABLE_NOT_FOUND",
        QueryError.SchemaNotFound => "SCHEMA_NOT_FOUND",
        QueryError.ColumnNotFound => "COLUMN_NOT_FOUND",
        QueryError.TypeMismatch => "TYPE_MISMATCH",
        QueryError.DivisionByZero => "DIVISION_BY_ZERO",
        QueryError.InvalidCast => "INVALID_CAST_ARGUMENT",
        QueryError.InvalidFunctionArgument => "INVALID_FUNCTION_ARGUMENT",
        QueryError.BadData => "HIVE_BAD_DATA",
        QueryError.Internal => "GENERIC_INTERNAL_ERROR",
        QueryError.Exceeded => "EXCEEDED_LOCAL_MEMORY_LIMIT",
        _ => null,
    };

    /// <summary>
    /// Category (1 the system, 2 the user) and type of Athena's AthenaError: 0 resources are exhausted, 200 the engine, 1001 the data,
    /// 1000 anything else of the user's (https://docs.aws.amazon.com/athena/latest/ug/error-reference.html).
    /// </summary>
    public (int Category, int Type) Athena => Error switch
    {
        QueryError.Internal => (1, 200),
        QueryError.Exceeded => (2, 0),
        QueryError.BadData or QueryError.InvalidCast or QueryError.DivisionByZero => (2, 1001),
        _ => (2, 1000),
    };
}
