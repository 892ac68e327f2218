using System.Globalization;
using System.Text.RegularExpressions;
using LocalCloud.Athena.Sql;

namespace LocalCloud.Athena.Translation;

/// <summary>
/// Trino's functions, each with how DuckDB says it. A function that is not here does not exist, as for a user of Athena;
/// that is also what keeps DuckDB's own functions out of reach.
/// </summary>
internal static partial class Functions
{
    private sealed record Function(int Least, int Most, Func<Call, QueryTranslator, string> Write);

    private static readonly Dictionary<string, Function> All = new(StringComparer.Ordinal);

    static Functions()
    {
        Conditions();
        Texts();
        Patterns();
        Urls();
        Json();
        Numbers();
        Times();
        Collections();
        Lambdas();
        Binaries();
        Aggregates();
        WindowFunctions();
    }

    public static string Write(Call call, QueryTranslator translator)
    {
        if (!All.TryGetValue(call.Name, out var function))
        {
            throw new QueryFailure(QueryError.FunctionNotFound, $"line {call.At.Line}:{call.At.Column}: Function '{call.Name}' not registered");
        }

        if (call.Arguments.Count < function.Least || call.Arguments.Count > function.Most || (call.Star && call.Name != "count"))
        {
            throw WrongArguments(call);
        }

        return function.Write(call, translator);
    }

    public static QueryFailure WrongArguments(Call call) =>
        new(QueryError.FunctionNotFound, $"line {call.At.Line}:{call.At.Column}: Unexpected parameters for function {call.Name}: {call.Arguments.Count} given");

    public static string AtTimeZone(string value, string zone) => $"timezone({zone}, CAST({value} AS TIMESTAMPTZ))";

    /// <summary><c>EXTRACT(field FROM value)</c>.</summary>
    public static string Extract(string field, string value) => field switch
    {
        "year" or "quarter" or "month" or "week" or "day" or "hour" or "minute" or "second" => $"{field}({value})",
        "day_of_month" => $"day({value})",
        "day_of_week" or "dow" => $"isodow({value})",
        "day_of_year" or "doy" => $"dayofyear({value})",
        "year_of_week" or "yow" => $"isoyear({value})",
        "millisecond" => $"(millisecond({value}) % 1000)",
        _ => throw new QueryFailure(QueryError.Syntax, $"Invalid EXTRACT field: {field}"),
    };

    /// <summary>A function whose arguments go into a template: <c>{0}</c>, <c>{1}</c>, …; <c>{*}</c> stands for all of them.</summary>
    private static void Map(string name, int least, int most, string template) =>
        All[name] = new Function(least, most, (call, t) => Fill(template, [.. call.Arguments.Select(t.Write)]));

    // In one pass: an argument may be a text with {1} in it, which is not the template's.
    private static string Fill(string template, IReadOnlyList<string> arguments) =>
        Place().Replace(template, place => place.Groups[1].Value is "*"
            ? string.Join(", ", arguments)
            : arguments[int.Parse(place.Groups[1].ValueSpan, CultureInfo.InvariantCulture)]);

    [GeneratedRegex(@"\{([0-9]+|\*)\}")]
    private static partial Regex Place();

    private static void Map(string name, int count, string template) => Map(name, count, count, template);

    /// <summary>Functions that DuckDB calls as Trino does, or as the pair says.</summary>
    private static void Same(int least, int most, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var (trino, duck) = name.Split('=') is [var left, var right] ? (left, right) : (name, name);
            Map(trino, least, most, duck + "({*})");
        }
    }

    private static void Own(string name, int least, int most, Func<Call, QueryTranslator, string> write) => All[name] = new Function(least, most, write);

    private static string Constant(Call call, int index) => call.Arguments[index] is StringLiteral text
        ? text.Value
        : throw new QueryFailure(QueryError.NotSupported, $"line {call.At.Line}:{call.At.Column}: argument {index + 1} of {call.Name} must be a text here, not an expression");

    private static void Conditions()
    {
        Same(2, 2, "nullif");
        Same(1, 64, "coalesce");
        Own("if", 2, 3, (c, t) => $"CASE WHEN {t.Write(c.Arguments[0])} THEN {t.Write(c.Arguments[1])} ELSE {(c.Arguments.Count > 2 ? t.Write(c.Arguments[2]) : "NULL")} END");
        Own("greatest", 1, 64, (c, t) => UnlessNull("greatest", c, t));
        Own("least", 1, 64, (c, t) => UnlessNull("least", c, t));
        Map("typeof", 1, "pixel_type_name(typeof({0}))");
        Map("fail", 1, "error({0})");
    }

    private static string UnlessNull(string name, Call call, QueryTranslator t)
    {
        var arguments = call.Arguments.Select(t.Write).ToList();
        return $"CASE WHEN {string.Join(" OR ", arguments.Select(a => $"{a} IS NULL"))} THEN NULL ELSE {name}({string.Join(", ", arguments)}) END";
    }

    private static void Texts()
    {
        Same(1, 1, "lower", "upper", "length", "chr", "codepoint=unicode");
        Same(1, 2, "ltrim", "rtrim");
        Same(2, 2, "starts_with", "strpos", "levenshtein_distance=levenshtein", "hamming_distance=hamming");
        Same(3, 3, "lpad", "rpad", "translate");
        Same(2, 3, "substr", "substring");
        Map("reverse", 1, "reverse({0})");
        Own("replace", 2, 3, (c, t) => $"replace({t.Write(c.Arguments[0])}, {t.Write(c.Arguments[1])}, {(c.Arguments.Count > 2 ? t.Write(c.Arguments[2]) : "''")})");
        // DuckDB's concat skips nulls; || works on texts and arrays alike.
        Own("concat", 1, 64, (c, t) => "(" + string.Join(" || ", c.Arguments.Select(t.Write)) + ")");
        Map("concat_ws", 2, 64, "concat_ws({*})");
        Own("split", 2, 3, (c, t) => $"{(c.Arguments.Count > 2 ? "pixel_split_limited" : "string_split")}({string.Join(", ", c.Arguments.Select(t.Write))})");
        Map("split_part", 3, "pixel_split_part({*})");
        Map("split_to_map", 3, "pixel_split_to_map({*})");
        Map("normalize", 1, "nfc_normalize({0})");
    }

    private static void Patterns()
    {
        Map("regexp_like", 2, "regexp_matches({0}, {1})");
        Own("regexp_extract", 2, 3, (c, t) => $"pixel_regexp_extract({t.Write(c.Arguments[0])}, {t.Write(c.Arguments[1])}, {(c.Arguments.Count > 2 ? t.Write(c.Arguments[2]) : "0")})");
        Own("regexp_extract_all", 2, 3, (c, t) => $"regexp_extract_all({t.Write(c.Arguments[0])}, {t.Write(c.Arguments[1])}, {(c.Arguments.Count > 2 ? t.Write(c.Arguments[2]) : "0")})");
        Own("regexp_replace", 2, 3, (c, t) => c.Arguments.Count == 2
            ? $"regexp_replace({t.Write(c.Arguments[0])}, {t.Write(c.Arguments[1])}, '', 'g')"
            : c.Arguments[2] is LambdaOf
                ? throw new QueryFailure(QueryError.NotSupported, "regexp_replace with a lambda is not supported here")
                : $"pixel_regexp_replace({t.Write(c.Arguments[0])}, {t.Write(c.Arguments[1])}, {t.Write(c.Arguments[2])})");
        Map("regexp_split", 2, "regexp_split_to_array({0}, {1})");
        Map("regexp_count", 2, "len(regexp_extract_all({0}, {1}))");
        Map("regexp_position", 2, "coalesce(nullif(strpos({0}, nullif(regexp_extract({0}, {1}), '')), 0), -1)");
    }

    private static void Urls()
    {
        foreach (var part in (ReadOnlySpan<string>)["host", "path", "query", "protocol", "fragment", "port"])
        {
            Map($"url_extract_{part}", 1, $"pixel_url_{part}({{0}})");
        }

        Map("url_extract_parameter", 2, "pixel_url_parameter({0}, {1})");
        Map("url_decode", 1, "pixel_url_decode({0})");
        Map("url_encode", 1, "pixel_url_encode({0})");
    }

    private static void Json()
    {
        Own("json_extract_scalar", 2, 2, (c, t) => $"pixel_json_scalar({t.Write(c.Arguments[0])}, {JsonPath(c, t)})");
        Own("json_extract", 2, 2, (c, t) => $"pixel_json_extract({t.Write(c.Arguments[0])}, {JsonPath(c, t)})");
        Own("json_size", 2, 2, (c, t) => $"pixel_json_size({t.Write(c.Arguments[0])}, {JsonPath(c, t)})");
        Map("json_parse", 1, "json({0})");
        Map("json_format", 1, "CAST({0} AS VARCHAR)");
        Map("json_array_length", 1, "json_array_length({0})");
        Map("json_array_get", 2, "json_extract({0}, CAST({1} AS BIGINT))");
        Map("json_array_contains", 2, "json_contains({0}, to_json({1}))");
        Map("is_json_scalar", 1, "(json_type({0}) NOT IN ('OBJECT', 'ARRAY'))");
    }

    // $["a b"] and $['a b'] are $."a b" to DuckDB.
    private static string JsonPath(Call call, QueryTranslator t) => call.Arguments[1] is StringLiteral path
        ? QueryTranslator.Text(BracketedName().Replace(path.Value, m => $".\"{m.Groups[2].Value}\""))
        : t.Write(call.Arguments[1]);

    [GeneratedRegex("""\[(['"])(.*?)\1\]""")]
    private static partial Regex BracketedName();

    private static void Numbers()
    {
        Same(1, 1, "abs", "ceil", "ceiling", "floor", "sqrt", "cbrt", "exp", "ln", "log2", "log10", "sign", "degrees", "radians", "sin", "cos", "tan", "asin", "acos",
            "atan", "sinh", "cosh", "tanh", "is_nan=isnan", "is_finite=isfinite", "is_infinite=isinf");
        Same(2, 2, "power=pow", "pow", "log", "atan2", "bitwise_xor=xor");
        Same(1, 2, "round");
        Same(0, 0, "pi", "uuid");
        Map("e", 0, "exp(1)");
        Map("infinity", 0, "CAST('Infinity' AS DOUBLE)");
        Map("nan", 0, "CAST('NaN' AS DOUBLE)");
        Own("mod", 2, 2, (c, t) => t.Lenient ? $"({t.Write(c.Arguments[0])} % {t.Write(c.Arguments[1])})" : $"pixel_modulo({t.Write(c.Arguments[0])}, {t.Write(c.Arguments[1])})");
        Map("truncate", 1, "trunc({0})");
        Map("bitwise_and", 2, "({0} & {1})");
        Map("bitwise_or", 2, "({0} | {1})");
        Map("bitwise_not", 1, "(~{0})");
        Map("bitwise_left_shift", 2, "({0} << {1})");
        Map("bitwise_right_shift", 2, "({0} >> {1})");
        Map("width_bucket", 4, "CAST(least({3} + 1, greatest(0, floor(({0} - {1}) / (({2} - {1}) / CAST({3} AS DOUBLE))) + 1)) AS BIGINT)");
        Map("to_base", 2, "lower(to_base({0}, {1}))");
        foreach (var random in (ReadOnlySpan<string>)["random", "rand"])
        {
            Own(random, 0, 2, (c, t) => c.Arguments.Count switch
            {
                0 => "random()",
                1 => $"CAST(floor(random() * {t.Write(c.Arguments[0])}) AS BIGINT)",
                _ => $"CAST({t.Write(c.Arguments[0])} + floor(random() * ({t.Write(c.Arguments[1])} - {t.Write(c.Arguments[0])})) AS BIGINT)",
            });
        }
    }

    private static void Times()
    {
        foreach (var field in (ReadOnlySpan<string>)["year", "quarter", "month", "week", "day", "hour", "minute", "second", "millisecond", "day_of_month", "day_of_week", "dow", "day_of_year", "doy", "year_of_week", "yow"])
        {
            Map(field, 1, Extract(field, "{0}"));
        }

        Map("week_of_year", 1, "week({0})");
        Map("last_day_of_month", 1, "last_day({0})");
        Own("date", 1, 1, (c, t) => t.Lenient ? NeverFailing(SqlType.Of("date"), t.Write(c.Arguments[0])) : $"CAST({t.Write(c.Arguments[0])} AS DATE)");
        Map("date_trunc", 2, "cast_to_type(date_trunc({0}, {1}), {1})");
        // Trino counts whole units, as DuckDB's date_sub does; its date_diff counts the borders crossed.
        Map("date_diff", 3, "date_sub({0}, {1}, {2})");
        Own("date_add", 3, 3, (c, t) =>
        {
            var (count, value) = (t.Write(c.Arguments[1]), t.Write(c.Arguments[2]));
            var unit = Constant(c, 0).ToLowerInvariant();
            var interval = unit switch
            {
                "millisecond" => $"to_milliseconds({count})",
                "second" => $"to_seconds({count})",
                "minute" => $"to_minutes({count})",
                "hour" => $"to_hours({count})",
                "day" => $"to_days(CAST({count} AS INTEGER))",
                "week" => $"to_days(CAST(7 * {count} AS INTEGER))",
                "month" => $"to_months(CAST({count} AS INTEGER))",
                "quarter" => $"to_months(CAST(3 * {count} AS INTEGER))",
                "year" => $"to_years(CAST({count} AS INTEGER))",
                _ => throw new QueryFailure(QueryError.InvalidFunctionArgument, $"'{unit}' is not a valid TIMESTAMP field"),
            };
            return $"cast_to_type({value} + {interval}, {value})";
        });
        Own("date_format", 2, 2, (c, t) => $"strftime({t.Write(c.Arguments[0])}, {QueryTranslator.Text(DatePatterns.FromMySql(Constant(c, 1)))})");
        Own("date_parse", 2, 2, (c, t) => $"CAST({(t.Lenient ? "try_strptime" : "strptime")}({t.Write(c.Arguments[0])}, {QueryTranslator.Text(DatePatterns.FromMySql(Constant(c, 1)))}) AS TIMESTAMP)");
        Own("format_datetime", 2, 2, (c, t) => $"strftime({t.Write(c.Arguments[0])}, {QueryTranslator.Text(DatePatterns.FromJoda(Constant(c, 1)))})");
        Own("parse_datetime", 2, 2, (c, t) => $"CAST({(t.Lenient ? "try_strptime" : "strptime")}({t.Write(c.Arguments[0])}, {QueryTranslator.Text(DatePatterns.FromJoda(Constant(c, 1)))}) AS TIMESTAMPTZ)");
        Own("from_iso8601_timestamp", 1, 1, (c, t) => t.Lenient ? NeverFailing(SqlType.Of("timestamp"), t.Write(c.Arguments[0])) : $"CAST({t.Write(c.Arguments[0])} AS TIMESTAMPTZ)");
        Own("from_iso8601_date", 1, 1, (c, t) => t.Lenient ? NeverFailing(SqlType.Of("date"), t.Write(c.Arguments[0])) : $"CAST({t.Write(c.Arguments[0])} AS DATE)");
        Map("to_iso8601", 1, "pixel_to_iso8601({0})");
        Map("to_unixtime", 1, "epoch({0})");
        Own("from_unixtime", 1, 2, (c, t) => c.Arguments.Count == 1
            ? $"to_timestamp({t.Write(c.Arguments[0])})"
            : AtTimeZone($"to_timestamp({t.Write(c.Arguments[0])})", t.Write(c.Arguments[1])));
        Map("at_timezone", 2, AtTimeZone("{0}", "{1}"));
        Map("with_timezone", 2, "timezone({1}, CAST({0} AS TIMESTAMP))");
    }

    private static void Binaries()
    {
        Map("to_utf8", 1, "encode({0})");
        Map("from_utf8", 1, "decode({0})");
        Map("to_hex", 1, "hex({0})");
        Map("from_hex", 1, "unhex({0})");
        Map("to_base64", 1, "base64({0})");
        Map("from_base64", 1, "from_base64({0})");
        Map("md5", 1, "unhex(md5({0}))");
        Map("sha1", 1, "unhex(sha1({0}))");
        Map("sha256", 1, "unhex(sha256({0}))");
    }

    /// <summary>A cast whose failure is null, said with functions: to DuckDB TRY_CAST is still a cast, which might fail.</summary>
    public static string NeverFailing(SqlType type, string value) => type.Name switch
    {
        "date" => $"CAST(pixel_try_time(CAST({value} AS VARCHAR)) AS DATE)",
        "timestamp" => $"pixel_try_time(CAST({value} AS VARCHAR))",
        "double" or "real" => $"pixel_try_double(CAST({value} AS VARCHAR))",
        _ => $"pixel_try_whole(CAST({value} AS VARCHAR))",
    };
}
