using LocalCloud.Athena.Sql;
using LocalCloud.Athena.Translation;

namespace LocalCloud.Athena;

/// <summary>Writes SQL that turns a value into the text Athena shows for it; null stays null.</summary>
internal static class ResultText
{
    public static string Write(SqlType type, string value) => Write(type, value, depth: 0);

    private static string Write(SqlType type, string value, int depth) => type.Name switch
    {
        "varchar" or "char" => value,
        "double" => $"pixel_java_double({value})",
        "real" => $"pixel_java_real({value})",
        "timestamp" => $"strftime({value}, '%Y-%m-%d %H:%M:%S.%g')",
        "timestamp with time zone" => $"(strftime(timezone('UTC', {value}), '%Y-%m-%d %H:%M:%S.%g') || ' UTC')",
        "time" => $"left(CAST({value} AS VARCHAR) || CASE WHEN contains(CAST({value} AS VARCHAR), '.') THEN '00' ELSE '.000' END, 12)",
        // Bytes in hex, parted by spaces.
        "varbinary" => $"rtrim(regexp_replace(lower(hex({value})), '(..)', '\\1 ', 'g'))",
        "interval" => $"(CAST(CAST(floor(epoch({value}) / 86400) AS BIGINT) AS VARCHAR) || strftime(to_timestamp(epoch({value})), ' %H:%M:%S.%g'))",
        "array" => Array(type, value, depth),
        "map" => Map(type, value, depth),
        "row" => Row(type, value, depth),
        _ => $"CAST({value} AS VARCHAR)",
    };

    private static string Array(SqlType type, string value, int depth)
    {
        var item = $"i{depth}";
        return $"('[' || array_to_string(list_transform({value}, lambda {item}: {OrNull(type.Arguments[0], item, depth + 1)}), ', ') || ']')";
    }

    private static string Map(SqlType type, string value, int depth)
    {
        var entry = $"i{depth}";
        var text = $"{OrNull(type.Arguments[0], entry + ".key", depth + 1)} || '=' || {OrNull(type.Arguments[1], entry + ".value", depth + 1)}";
        return $"('{{' || array_to_string(list_transform(map_entries({value}), lambda {entry}: {text}), ', ') || '}}')";
    }

    private static string Row(SqlType type, string value, int depth)
    {
        var fields = type.Arguments.Select((argument, i) =>
        {
            var name = type.Fields[i].Length > 0 ? type.Fields[i] : $"field{i}";
            var field = type.Fields[i].Length > 0 ? $"struct_extract({value}, {QueryTranslator.Text(type.Fields[i])})" : $"struct_extract({value}, {i + 1})";
            return $"{QueryTranslator.Text(name + "=")} || {OrNull(argument, field, depth)}";
        });
        return $"CASE WHEN {value} IS NULL THEN NULL ELSE '{{' || {string.Join(" || ', ' || ", fields)} || '}}' END";
    }

    private static string OrNull(SqlType type, string value, int depth) => $"coalesce({Write(type, value, depth)}, 'null')";
}
