using LocalCloud.Athena.Scanning;
using LocalCloud.Athena.Sql;

namespace LocalCloud.Athena.Statements;

/// <summary>What a user can say to Athena. <see cref="Kind"/> is the API's StatementType, <see cref="Name"/> its SubstatementType.</summary>
internal abstract record Statement(string Kind, string Name);

internal sealed record QueryStatement(Query Query) : Statement("DML", "SELECT");
internal sealed record ExplainStatement(Query Query) : Statement("UTILITY", "EXPLAIN");

/// <summary><see cref="Text"/> is the query as it was written: it is what the catalog keeps.</summary>
internal sealed record CreateView(TableName View, bool Replace, Query Query, string Text) : Statement("DDL", "CREATE_VIEW");
internal sealed record DropView(TableName View, bool IfExists) : Statement("DDL", "DROP_VIEW");

internal sealed record ShowDatabases(string? Pattern) : Statement("UTILITY", "SHOW_DATABASES");
internal sealed record ShowTables(string? Database, string? Pattern, bool ViewsOnly) : Statement("UTILITY", ViewsOnly ? "SHOW_VIEWS" : "SHOW_TABLES");
internal sealed record ShowColumns(TableName Table) : Statement("UTILITY", "SHOW_COLUMNS");
internal sealed record ShowPartitions(TableName Table, PartitionSpec? Only) : Statement("UTILITY", "SHOW_PARTITIONS");
internal sealed record ShowCreateTable(TableName Table) : Statement("UTILITY", "SHOW_CREATE_TABLE");
internal sealed record ShowCreateView(TableName View) : Statement("UTILITY", "SHOW_CREATE_VIEW");
internal sealed record ShowProperties(TableName Table, string? Key) : Statement("UTILITY", "SHOW_TBLPROPERTIES");
internal sealed record Describe(TableName Table, bool Formatted, string? Column) : Statement("UTILITY", "DESCRIBE");

internal sealed record RepairTable(TableName Table) : Statement("DDL", "MSCK_REPAIR_TABLE");
internal sealed record AddPartitions(TableName Table, bool IfNotExists, IReadOnlyList<(PartitionSpec Spec, string? Location)> Partitions) : Statement("DDL", "ALTER_TABLE_ADD_PARTITION");
internal sealed record DropPartitions(TableName Table, bool IfExists, IReadOnlyList<PartitionSpec> Partitions) : Statement("DDL", "ALTER_TABLE_DROP_PARTITION");
internal sealed record RenamePartition(TableName Table, PartitionSpec From, PartitionSpec To) : Statement("DDL", "ALTER_TABLE_RENAME_PARTITION");
internal sealed record SetLocation(TableName Table, PartitionSpec? Partition, string Location) : Statement("DDL", "ALTER_TABLE_SET_LOCATION");
internal sealed record SetProperties(TableName Table, IReadOnlyDictionary<string, string> Properties) : Statement("DDL", "ALTER_TABLE_SET_TBLPROPERTIES");
internal sealed record AddColumns(TableName Table, IReadOnlyList<SourceColumn> Columns, bool Replace) : Statement("DDL", Replace ? "ALTER_TABLE_REPLACE_COLUMNS" : "ALTER_TABLE_ADD_COLUMNS");

internal sealed record CreateTable(
    TableName Table,
    bool IfNotExists,
    IReadOnlyList<SourceColumn> Columns,
    IReadOnlyList<SourceColumn> Keys,
    string? Comment,
    TableFormat Format,
    string? Location,
    IReadOnlyDictionary<string, string> Properties) : Statement("DDL", "CREATE_TABLE");

/// <summary>How files are read and written, in the names Glue keeps.</summary>
internal sealed record TableFormat(string SerDe, string Input, string Output, IReadOnlyDictionary<string, string> Parameters);

internal sealed record DropTable(TableName Table, bool IfExists) : Statement("DDL", "DROP_TABLE");
internal sealed record CreateDatabase(string Database, bool IfNotExists, string? Comment, string? Location, IReadOnlyDictionary<string, string> Properties) : Statement("DDL", "CREATE_DATABASE");
internal sealed record DropDatabase(string Database, bool IfExists, bool Cascade) : Statement("DDL", "DROP_DATABASE");

internal sealed record CreateTableAs(TableName Table, bool IfNotExists, IReadOnlyDictionary<string, Expression> Properties, Query Query, bool WithData) : Statement("DDL", "CREATE_TABLE_AS_SELECT");
internal sealed record InsertInto(TableName Table, IReadOnlyList<string> Columns, Query Query) : Statement("DML", "INSERT");
internal sealed record Unload(Query Query, string Location, IReadOnlyDictionary<string, Expression> Properties) : Statement("DML", "UNLOAD");

/// <summary>Something Athena has and this does not.</summary>
internal sealed record Unsupported(string What) : Statement("UTILITY", "UNSUPPORTED");

/// <summary><c>(year = '2026', month &gt;= '11')</c>; DROP allows comparisons, the others only <c>=</c>.</summary>
internal sealed record PartitionSpec(IReadOnlyList<(string Column, string Operator, string Value)> Terms);
