using LocalCloud.Athena.Sql;

namespace LocalCloud.Athena.Translation;

internal static partial class Functions
{
    private static void Collections()
    {
        Own("cardinality", 1, 1, (c, t) =>
        {
            var value = t.Write(c.Arguments[0]);
            return c.Arguments[0] is not ArrayOf && t.Choose() ? $"CAST(cardinality({value}) AS BIGINT)" : $"len({value})";
        });
        Map("contains", 2, "list_contains({0}, {1})");
        Map("element_at", 2, "({0})[{1}]");
        Map("array_distinct", 1, "pixel_distinct({0})");
        Map("array_intersect", 2, "list_filter(pixel_distinct({0}), lambda pixel_x: list_contains({1}, pixel_x))");
        Map("array_union", 2, "pixel_distinct({0} || {1})");
        Map("array_except", 2, "list_filter(pixel_distinct({0}), lambda pixel_x: NOT list_contains({1}, pixel_x))");
        Map("array_position", 2, "CAST(coalesce(list_position({0}, {1}), 0) AS BIGINT)");
        Map("array_remove", 2, "list_filter({0}, lambda pixel_x: pixel_x IS DISTINCT FROM {1})");
        Map("array_sort", 1, "list_sort({0}, 'ASC', 'NULLS LAST')");
        Map("array_max", 1, "list_aggregate({0}, 'max')");
        Map("array_min", 1, "list_aggregate({0}, 'min')");
        Map("arrays_overlap", 2, "list_has_any({0}, {1})");
        Own("array_join", 2, 3, (c, t) => c.Arguments.Count == 2
            ? $"array_to_string({t.Write(c.Arguments[0])}, {t.Write(c.Arguments[1])})"
            : $"array_to_string(list_transform({t.Write(c.Arguments[0])}, lambda pixel_x: coalesce(CAST(pixel_x AS VARCHAR), {t.Write(c.Arguments[2])})), {t.Write(c.Arguments[1])})");
        Map("slice", 3, "list_slice({0}, {1}, {1} + {2} - 1)");
        Map("flatten", 1, "flatten({0})");
        Map("repeat", 2, "list_transform(range({1}), lambda pixel_x: {0})");
        Map("zip", 2, 8, "list_zip({*})");
        Own("sequence", 2, 3, (c, t) =>
        {
            var arguments = c.Arguments.Select(t.Write).ToList();
            var overDays = c.Arguments.Count == 2 && IsDate(c.Arguments[0]);
            var step = overDays ? ", INTERVAL '1' DAY" : c.Arguments.Count == 3 ? ", " + arguments[2] : "";
            var list = $"generate_series({arguments[0]}, {arguments[1]}{step})";
            return overDays || c.Arguments.Count == 3 ? $"cast_to_type({list}, [{arguments[0]}])" : list;
        });

        Own("map", 0, 2, (c, t) => c.Arguments.Count switch
        {
            0 => "MAP {}",
            2 => $"map({t.Write(c.Arguments[0])}, {t.Write(c.Arguments[1])})",
            _ => throw WrongArguments(c),
        });
        Same(1, 1, "map_keys", "map_values", "map_entries", "map_from_entries");
        Map("map_concat", 2, 16, "map_concat({*})");
    }

    private static bool IsDate(Expression expression) => expression switch
    {
        TypedLiteral { Type.Name: "date" } or CurrentOf { What: "current_date" } or CastOf { Type.Name: "date" } => true,
        Call { Name: "date" } => true,
        Binary { Operator: "+" or "-" } sum => IsDate(sum.Left),
        _ => false,
    };

    private static void Lambdas()
    {
        Lambda("transform", "list_transform({0}, {1})");
        Lambda("filter", "list_filter({0}, {1})");
        Lambda("any_match", "coalesce(list_bool_or(list_transform({0}, {1})), FALSE)");
        Lambda("all_match", "coalesce(list_bool_and(list_transform({0}, {1})), TRUE)");
        Lambda("none_match", "NOT coalesce(list_bool_or(list_transform({0}, {1})), FALSE)");

        // reduce(list, start, (state, x) -> …, state -> result)
        Own("reduce", 4, 4, (c, t) =>
        {
            var (list, start) = (t.Write(c.Arguments[0]), t.Write(c.Arguments[1]));
            var reduced = $"list_reduce({list}, {t.Lambda(LambdaAt(c, 2))}, {start})";
            var result = LambdaAt(c, 3);
            return result.Body is NameReference { Parts: [var only] } && only == result.Parameters[0]
                ? reduced
                : $"list_transform([{reduced}], {t.Lambda(result)})[1]";
        });
        Own("zip_with", 3, 3, (c, t) =>
        {
            var pair = t.FreshName();
            return $"list_transform(list_zip({t.Write(c.Arguments[0])}, {t.Write(c.Arguments[1])}), lambda {pair}: {t.Inline(LambdaAt(c, 2), $"{pair}[1]", $"{pair}[2]")})";
        });
        MapLambda("map_filter", (entries, entry, body) => $"list_filter({entries}, lambda {entry}: {body})");
        MapLambda("transform_values", (entries, entry, body) => $"list_transform({entries}, lambda {entry}: {{'key': {entry}.key, 'value': {body}}})");
        MapLambda("transform_keys", (entries, entry, body) => $"list_transform({entries}, lambda {entry}: {{'key': {body}, 'value': {entry}.value}})");
    }

    private static LambdaOf LambdaAt(Call call, int index) => call.Arguments[index] as LambdaOf
        ?? throw new QueryFailure(QueryError.Syntax, $"line {call.At.Line}:{call.At.Column}: argument {index + 1} of {call.Name} must be a lambda");

    private static void Lambda(string name, string template) => Own(name, 2, 2, (c, t) => Fill(template, [t.Write(c.Arguments[0]), t.Lambda(LambdaAt(c, 1))]));

    private static void MapLambda(string name, Func<string, string, string, string> write) => Own(name, 2, 2, (c, t) =>
    {
        var entry = t.FreshName();
        var body = t.Inline(LambdaAt(c, 1), $"{entry}.key", $"{entry}.value");
        return $"map_from_entries({write($"map_entries({t.Write(c.Arguments[0])})", entry, body)})";
    });
}
