using System.Globalization;
using LocalCloud.Athena.Sql;

namespace LocalCloud.Athena.Translation;

/// <summary>
/// Writes a Trino query in DuckDB's SQL. Whatever is not in the tree or in <see cref="Functions"/> cannot be written,
/// so a user's text never reaches DuckDB as it is: no file function, no setting, no second statement.
/// </summary>
/// <param name="tables">The tables that names stand for.</param>
/// <param name="now">What <c>current_timestamp</c> is in this query.</param>
/// <param name="parameters">The values of <c>?</c>.</param>
internal sealed partial class QueryTranslator(ITables tables, DateTimeOffset now, IReadOnlyList<Expression> parameters)
{
    /// <summary>Outputs that the query gives no name; Athena calls the n-th output <c>_col{n}</c>.</summary>
    public const string Unnamed = "\u0001unnamed";

    private readonly Stack<HashSet<string>> _commonTables = new();
    private readonly Stack<Dictionary<string, string>> _lambdas = new();
    private readonly HashSet<(string Database, string Table)> _tables = [];
    private int _names;
    private int _choices;
    private IReadOnlyDictionary<Relation, List<Expression>> _early = new Dictionary<Relation, List<Expression>>();
    private bool _inTry;

    /// <summary>
    /// Writes the query so that nothing in it can fail: what would, is null. Such a query is only planned, never run: DuckDB
    /// chooses files by conditions that cannot fail, and a cast could.
    /// </summary>
    public bool Lenient { get; init; }

    /// <summary>
    /// Some forms are right for a map and for an array, and DuckDB says them in two ways: <c>UNNEST(x) AS t (a, b)</c>,
    /// <c>cardinality(x)</c>. Bit n chooses for the n-th of them; the caller tries.
    /// </summary>
    public int Choices { get; init; }

    /// <summary>How many such forms the query has.</summary>
    public int ChoiceCount => _choices;

    /// <summary>Whether the next of them is said in its second way.</summary>
    public bool Choose() => (Choices >> Math.Min(_choices++, 30) & 1) == 1;

    private bool NeverFails => _inTry || Lenient;

    public static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    public static string Text(string value) => "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";

    public string Write(Query query)
    {
        var scoped = false;
        var with = "";
        if (query.With is { } common)
        {
            (with, scoped) = (WriteWith(common), true);
        }

        var sql = with + WriteBody(query.Body);
        if (query.OrderBy.Count > 0)
        {
            sql += " ORDER BY " + Sort(query.OrderBy);
        }

        if (query.Limit is not null)
        {
            sql += " LIMIT " + Write(query.Limit);
        }

        if (query.Offset is not null)
        {
            sql += " OFFSET " + Write(query.Offset);
        }

        if (scoped)
        {
            _commonTables.Pop();
        }

        return sql;
    }

    private string WriteWith(With with)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        _commonTables.Push(known);
        var written = new List<string>();
        foreach (var table in with.Tables)
        {
            if (with.Recursive)
            {
                known.Add(table.Name);
            }

            // Trino reads a common table where it is used; written otherwise, predicates would not reach the partitions.
            var kind = with.Recursive ? "AS" : "AS NOT MATERIALIZED";
            written.Add($"{Quote(table.Name)}{Columns(table.Columns)} {kind} ({Write(table.Query)})");
            known.Add(table.Name);
        }

        return $"WITH {(with.Recursive ? "RECURSIVE " : "")}{string.Join(", ", written)} ";
    }

    private string WriteBody(QueryBody body) => body switch
    {
        Select select => WriteSelect(select),
        SetOperation set => $"{Operand(set.Left)} {set.Operator.ToUpperInvariant()}{(set.All ? " ALL" : "")} {Operand(set.Right)}",
        ValuesBody values => "VALUES " + string.Join(", ", values.Rows.Select(r => r is RowOf row ? $"({List(row.Items)})" : $"({Write(r)})")),
        TableBody table => "SELECT * FROM " + WriteRelation(table.Table),
        NestedQuery nested => $"({Write(nested.Query)})",
        _ => throw new InvalidOperationException(body.GetType().Name),
    };

    // DuckDB and Trino bind INTERSECT tighter than UNION and EXCEPT; parentheses keep the tree whatever happens.
    private string Operand(QueryBody body) => body is SetOperation ? $"({WriteBody(body)})" : WriteBody(body);

    private string WriteSelect(Select select)
    {
        // The relations come first: they say which names are tables.
        var outer = _early;
        _early = EarlyFilters.Find(select, t => IsCommonTable(t) ? null : tables.ColumnsOf(t));
        var from = select.From is null ? "" : " FROM " + WriteRelation(select.From);
        _early = outer;
        var items = string.Join(", ", select.Items.Select(Item));
        var sql = $"SELECT {(select.Distinct ? "DISTINCT " : "")}{items}{from}";
        if (select.Where is not null)
        {
            sql += " WHERE " + Write(select.Where);
        }

        if (select.GroupBy.Count > 0)
        {
            sql += " GROUP BY " + string.Join(", ", select.GroupBy.Select(Group));
        }

        if (select.Having is not null)
        {
            sql += " HAVING " + Write(select.Having);
        }

        if (select.Windows.Count > 0)
        {
            sql += " WINDOW " + string.Join(", ", select.Windows.Select(w => $"{Quote(w.Name)} AS ({WindowBody(w.Window)})"));
        }

        return sql;
    }

    private string Item(SelectItem item)
    {
        if (item.Value is null)
        {
            var of = TableOf(item.StarOf!);
            return of.Count == 0 ? "*" : string.Join('.', of.Select(Quote)) + ".*";
        }

        // A column keeps its name by itself; an alias of the same name would be taken for it where the column is missing.
        if (item.Alias is null && item.Value is NameReference column)
        {
            return Name(column);
        }

        var alias = item.Alias ?? item.Value switch
        {
            FieldOf field => field.Field,
            _ => $"{Unnamed}{_names++}",
        };
        return $"{Write(item.Value)} AS {Quote(alias)}";
    }

    private string Group(GroupItem item) => item.Kind switch
    {
        "set" when item.Sets[0].Count == 0 => "()",
        "set" => List(item.Sets[0]),
        "grouping sets" => "GROUPING SETS (" + string.Join(", ", item.Sets.Select(s => $"({List(s)})")) + ")",
        var kind => $"{kind.ToUpperInvariant()} ({List(item.Sets[0])})",
    };

    private string WriteRelation(Relation relation)
    {
        switch (relation)
        {
            case TableName table:
                return Filtered(relation, Table(table, table.Parts[^1], []), table.Parts[^1]);
            case AliasedRelation { Inner: TableName table } aliased:
                return Filtered(relation, Table(table, aliased.Alias, aliased.Columns), aliased.Alias);
            case AliasedRelation { Inner: UnnestRelation unnest } aliased:
                return Unnest(unnest, aliased.Alias, aliased.Columns);
            case AliasedRelation { Inner: QueryRelation query } aliased:
                return $"{(query.Lateral ? "LATERAL " : "")}({Write(query.Query)}) AS {Quote(aliased.Alias)}{Columns(aliased.Columns)}";
            case AliasedRelation aliased:
                return $"(SELECT * FROM {WriteRelation(aliased.Inner)}) AS {Quote(aliased.Alias)}{Columns(aliased.Columns)}";
            case QueryRelation query:
                return $"{(query.Lateral ? "LATERAL " : "")}({Write(query.Query)})";
            case UnnestRelation unnest:
                return Unnest(unnest, null, []);
            case SampledRelation sampled:
                return $"{WriteRelation(sampled.Inner)} TABLESAMPLE {(sampled.Method == "system" ? "SYSTEM" : "BERNOULLI")} ({double.Parse(sampled.Percentage, CultureInfo.InvariantCulture)} PERCENT)";
            case JoinRelation join:
                return Join(join);
            default:
                throw new InvalidOperationException(relation.GetType().Name);
        }
    }

    private string Filtered(Relation relation, string sql, string alias) => _early.TryGetValue(relation, out var conditions)
        ? $"(SELECT * FROM {sql} WHERE {string.Join(" AND ", conditions.Select(Write))}) AS {Quote(alias)}"
        : sql;

    private bool IsCommonTable(TableName table) => table.Parts.Count == 1 && _commonTables.Any(scope => scope.Contains(table.Parts[0]));

    private string Table(TableName table, string alias, IReadOnlyList<string> columns)
    {
        if (IsCommonTable(table))
        {
            return $"{Quote(table.Parts[0])} AS {Quote(alias)}{Columns(columns)}";
        }

        if ((table.Parts.Count > 1 ? table.Parts[^2] : tables.DefaultDatabase) is { } database)
        {
            _tables.Add((database, table.Parts[^1]));
        }

        return $"{tables.Resolve(table)} AS {Quote(alias)}{Columns(columns)}";
    }

    private string Join(JoinRelation join)
    {
        var left = WriteRelation(join.Left);
        var right = join.Right is JoinRelation ? $"({WriteRelation(join.Right)})" : WriteRelation(join.Right);
        if (join.Kind == "cross")
        {
            return $"{left} CROSS JOIN {right}";
        }

        var kind = (join.Natural ? "NATURAL " : "") + join.Kind.ToUpperInvariant() + " JOIN";
        var condition = join.On is not null ? " ON " + Write(join.On) : join.Using is not null ? " USING " + Columns(join.Using).TrimStart() : "";
        return $"{left} {kind} {right}{condition}";
    }

    // UNNEST(a, b) goes on as long as the longest; rows that are maps or records become several columns.
    private string Unnest(UnnestRelation unnest, string? alias, IReadOnlyList<string> columns)
    {
        var name = Quote(alias ?? $"{Unnamed}{_names++}");
        var values = unnest.Values.Select(Write).ToList();
        var wanted = columns.Count - (unnest.WithOrdinality ? 1 : 0);
        string outputs;
        if (values.Count == 1 && wanted > 1)
        {
            var overRows = wanted != 2 || Choose();
            outputs = overRows ? $"unnest({values[0]}, max_depth := 2)" : $"unnest(map_entries({values[0]}), max_depth := 2)";
        }
        else if (values.Count * 2 == wanted)
        {
            // Several maps.
            outputs = string.Join(", ", values.Select(v => $"unnest(map_keys({v})), unnest(map_values({v}))"));
        }
        else
        {
            outputs = string.Join(", ", values.Select(v => $"unnest({v})"));
        }

        if (unnest.WithOrdinality)
        {
            var length = values.Count == 1 ? $"len({(values.Count == 1 && outputs.Contains("map_entries", StringComparison.Ordinal) ? $"map_keys({values[0]})" : values[0])})"
                : $"greatest({string.Join(", ", values.Select(v => $"coalesce(len({v}), 0)"))})";
            outputs += $", unnest(range(1, {length} + 1))";
        }

        return $"LATERAL (SELECT {outputs}) AS {name}{Columns(columns)}";
    }

    private static string Columns(IReadOnlyList<string> columns) => columns.Count == 0 ? "" : $" ({string.Join(", ", columns.Select(Quote))})";

    private string Sort(IReadOnlyList<SortItem> items) => string.Join(", ", items.Select(i =>
        $"{Write(i.Value)} {(i.Descending ? "DESC" : "ASC")} NULLS {(i.NullsFirst == true ? "FIRST" : "LAST")}"));

    private string List(IEnumerable<Expression> items) => string.Join(", ", items.Select(Write));
}
