using LocalCloud.Athena.Sql;

namespace LocalCloud.Athena.Translation;

internal static partial class Functions
{
    private static void Aggregates()
    {
        Own("count", 0, 1, (c, t) => $"count({(c.Arguments.Count == 0 ? "*" : Inside(c, t))}){t.Suffix(c)}");
        foreach (var pair in (ReadOnlySpan<string>)
            ["sum", "avg", "min", "max", "min=min", "bool_and", "bool_or", "every=bool_and", "arbitrary=any_value", "any_value", "array_agg=list", "set_agg=list",
             "stddev=stddev_samp", "stddev_samp", "stddev_pop", "variance=var_samp", "var_samp", "var_pop", "skewness", "kurtosis", "entropy", "histogram",
             "geometric_mean=geomean", "bitwise_and_agg=bit_and", "bitwise_or_agg=bit_or"])
        {
            var (trino, duck) = pair.Split('=') is [var left, var right] ? (left, right) : (pair, pair);
            Own(trino, 1, trino is "min" or "max" ? 2 : 1, (c, t) => $"{duck}({Inside(c with { Distinct = c.Distinct || c.Name == "set_agg" }, t)}){t.Suffix(c)}");
        }

        foreach (var pair in (ReadOnlySpan<string>)["corr", "covar_pop", "covar_samp", "regr_slope", "regr_intercept"])
        {
            var name = pair;
            Own(name, 2, 2, (c, t) => $"{name}({Inside(c, t)}){t.Suffix(c)}");
        }

        // Both skip no row whose value is null, as Trino.
        Own("max_by", 2, 3, (c, t) => $"{(c.Arguments.Count == 2 ? "arg_max_null" : "arg_max")}({Inside(c, t)}){t.Suffix(c)}");
        Own("min_by", 2, 3, (c, t) => $"{(c.Arguments.Count == 2 ? "arg_min_null" : "arg_min")}({Inside(c, t)}){t.Suffix(c)}");
        Own("count_if", 1, 1, (c, t) => $"CAST(coalesce(count_if({Inside(c, t)}){t.Suffix(c)}, 0) AS BIGINT)");

        // An exact answer is within every error that these promise.
        Own("approx_distinct", 1, 2, (c, t) => $"count(DISTINCT {t.Write(c.Arguments[0])}){t.Suffix(c)}");
        Own("approx_percentile", 2, 2, (c, t) => $"quantile_disc({Inside(c, t)}){t.Suffix(c)}");

        Own("map_agg", 2, 2, (c, t) =>
        {
            var (key, value) = (t.Write(c.Arguments[0]), t.Write(c.Arguments[1]));
            var suffix = t.Suffix(c, c.Over is null ? $"{key} IS NOT NULL" : null);
            return $"pixel_map_of(list({key}{t.OrderBy(c.OrderBy)}){suffix}, list({value}{t.OrderBy(c.OrderBy)}){suffix})";
        });
        Own("listagg", 1, 2, (c, t) =>
            $"string_agg({(c.Distinct ? "DISTINCT " : "")}{t.Write(c.Arguments[0])}, {(c.Arguments.Count > 1 ? t.Write(c.Arguments[1]) : "''")}{t.OrderBy(c.OrderBy)}){t.Suffix(c)}");
        Own("grouping", 1, 64, (c, t) => $"CAST(grouping({Inside(c, t)}) AS BIGINT)");
    }

    private static void WindowFunctions()
    {
        foreach (var name in (ReadOnlySpan<string>)["row_number", "rank", "dense_rank", "percent_rank", "cume_dist"])
        {
            OverWindow(name, 0, 0);
        }

        OverWindow("ntile", 1, 1);
        OverWindow("first_value", 1, 1);
        OverWindow("last_value", 1, 1);
        OverWindow("nth_value", 2, 2);
        OverWindow("lag", 1, 3);
        OverWindow("lead", 1, 3);
    }

    private static void OverWindow(string name, int least, int most) => Own(name, least, most, (c, t) => c.Over is null
        ? throw new QueryFailure(QueryError.Syntax, $"line {c.At.Line}:{c.At.Column}: Window function {name} requires an OVER clause")
        : $"{name}({Inside(c, t)}{(c.IgnoreNulls ? " IGNORE NULLS" : "")}){t.Suffix(c)}");

    private static string Inside(Call call, QueryTranslator t) =>
        (call.Distinct ? "DISTINCT " : "") + string.Join(", ", call.Arguments.Select(t.Write)) + t.OrderBy(call.OrderBy);
}
