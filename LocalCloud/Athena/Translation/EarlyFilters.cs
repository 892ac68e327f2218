using LocalCloud.Athena.Sql;

namespace LocalCloud.Athena.Translation;

/// <summary>
/// DuckDB moves no condition below a join with UNNEST, so a predicate on a partition column would not keep a partition from
/// being read there. Where FROM has such a join, each part of WHERE that speaks of one relation only is therefore
/// written at that relation too. It stays in WHERE as well: it is only earlier, never something else.
/// </summary>
internal static class EarlyFilters
{
    /// <param name="select">The select.</param>
    /// <param name="columnsOf">The columns of a table or view, or null when they are not known (a common table).</param>
    public static IReadOnlyDictionary<Relation, List<Expression>> Find(Select select, Func<TableName, IReadOnlySet<string>?> columnsOf)
    {
        var found = new Dictionary<Relation, List<Expression>>(ReferenceEqualityComparer.Instance);
        if (select.From is null || select.Where is null || !HasUnnest(select.From))
        {
            return found;
        }

        var sources = new List<Source>();
        Collect(select.From, safe: true, sources, columnsOf);
        foreach (var condition in Conjuncts(select.Where))
        {
            var names = new List<NameReference>();
            if (Names(condition, names) && names.Count > 0 && Owner(names, sources) is { Safe: true } owner)
            {
                if (!found.TryGetValue(owner.Relation, out var conditions))
                {
                    found.Add(owner.Relation, conditions = []);
                }

                conditions.Add(condition);
            }
        }

        return found;
    }

    /// <summary>One relation of FROM; <see cref="Safe"/> when no outer join can make nulls of it.</summary>
    private sealed record Source(Relation Relation, string Alias, IReadOnlySet<string>? Columns, bool Safe);

    private static bool HasUnnest(Relation relation) => relation switch
    {
        UnnestRelation => true,
        QueryRelation query => query.Lateral,
        AliasedRelation aliased => HasUnnest(aliased.Inner),
        JoinRelation join => HasUnnest(join.Left) || HasUnnest(join.Right),
        _ => false,
    };

    private static void Collect(Relation relation, bool safe, List<Source> sources, Func<TableName, IReadOnlySet<string>?> columnsOf)
    {
        switch (relation)
        {
            case JoinRelation join:
                Collect(join.Left, safe && join.Kind is "cross" or "inner" or "left", sources, columnsOf);
                Collect(join.Right, safe && join.Kind is "cross" or "inner" or "right", sources, columnsOf);
                break;
            case TableName table:
                sources.Add(new Source(table, table.Parts[^1], columnsOf(table), safe));
                break;
            case AliasedRelation { Inner: TableName table, Columns.Count: 0 } aliased:
                sources.Add(new Source(aliased, aliased.Alias, columnsOf(table), safe));
                break;
            case AliasedRelation { Inner: UnnestRelation } aliased:
                sources.Add(new Source(aliased, aliased.Alias, aliased.Columns.Count > 0 ? aliased.Columns.ToHashSet(StringComparer.Ordinal) : null, false));
                break;
            case AliasedRelation aliased:
                sources.Add(new Source(aliased, aliased.Alias, null, false));
                break;
            default:
                sources.Add(new Source(relation, "", null, false));
                break;
        }
    }

    private static Source? Owner(List<NameReference> names, List<Source> sources)
    {
        Source? owner = null;
        foreach (var name in names)
        {
            var candidates = name.Parts.Count > 1 && sources.Where(s => s.Alias == name.Parts[0]).ToList() is { Count: > 0 } qualified
                ? qualified
                // Without a qualifier only when every other relation is known not to have it.
                : sources.Any(s => s.Columns is null) ? [] : sources.Where(s => s.Columns!.Contains(name.Parts[0])).ToList();
            if (candidates.Count != 1 || (owner is not null && !ReferenceEquals(owner, candidates[0])))
            {
                return null;
            }

            owner = candidates[0];
        }

        return owner;
    }

    private static IEnumerable<Expression> Conjuncts(Expression condition) => condition is Logical { Operator: "AND" } and
        ? Conjuncts(and.Left).Concat(Conjuncts(and.Right))
        : [condition];

    /// <summary>Collects the names in an expression; false when it has anything that is more than names, literals and functions.</summary>
    private static bool Names(Expression expression, List<NameReference> names)
    {
        switch (expression)
        {
            case NameReference name:
                names.Add(name);
                return true;
            case NullLiteral or BooleanLiteral or NumberLiteral or StringLiteral or BinaryLiteral or TypedLiteral or IntervalLiteral or ParameterMark or CurrentOf:
                return true;
            case Call call:
                return call.Over is null && call.Filter is null && call.Name is not ("random" or "rand" or "uuid") && All(call.Arguments, names);
            default:
                return Parts(expression) is { } parts && All(parts, names);
        }
    }

    private static bool All(IEnumerable<Expression> expressions, List<NameReference> names) => expressions.All(e => Names(e, names));

    private static IEnumerable<Expression>? Parts(Expression expression) => expression switch
    {
        Unary unary => [unary.Operand],
        Binary binary => [binary.Left, binary.Right],
        Logical logical => [logical.Left, logical.Right],
        Negation not => [not.Operand],
        BetweenTest between => [between.Value, between.Low, between.High],
        InList list => [list.Value, .. list.Items],
        LikeTest like => like.Escape is null ? [like.Value, like.Pattern] : [like.Value, like.Pattern, like.Escape],
        NullTest isNull => [isNull.Value],
        DistinctTest distinct => [distinct.Left, distinct.Right],
        CaseOf branches => [.. branches.Branches.SelectMany(b => new[] { b.When, b.Then }), .. branches.Operand is null ? Array.Empty<Expression>() : [branches.Operand], .. branches.Else is null ? Array.Empty<Expression>() : [branches.Else]],
        CastOf cast => [cast.Value],
        ExtractOf extract => [extract.Value],
        TrimOf trim => trim.Characters is null ? [trim.Value] : [trim.Value, trim.Characters],
        AtTimeZone zoned => [zoned.Value, zoned.Zone],
        Subscript subscript => [subscript.Value, subscript.Index],
        _ => null,
    };
}
