namespace LocalCloud.Athena.Translation;

/// <summary>
/// What DuckDB lacks of Trino, said in DuckDB's SQL. typeof() of a column is known when a query is planned, so the
/// branches that ask for it are decided before the first row is read.
/// </summary>
internal static class Macros
{
    private const string WholeTypes = "('TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT', 'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT')";

    /// <summary>Defines every macro, in one batch.</summary>
    public static string Definitions { get; } = string.Join(";\n", Statements);

    private static IEnumerable<string> Statements =>
    [
        // Whole numbers divide to whole numbers, decimals to the wider scale of the two, and none by zero. a + b has the result's type.
        $"""
        CREATE MACRO pixel_divide(a, b) AS CASE
            WHEN b = 0 AND typeof(a + b) NOT IN ('DOUBLE', 'FLOAT') THEN error('DIVISION_BY_ZERO: Division by zero')
            WHEN typeof(a + b) IN {WholeTypes} THEN cast_to_type(a // b, a + b)
            ELSE cast_to_type(a / b, a + b) END
        """,
        $"""
        CREATE MACRO pixel_try_divide(a, b) AS CASE
            WHEN b = 0 AND typeof(a + b) NOT IN ('DOUBLE', 'FLOAT') THEN NULL
            WHEN typeof(a + b) IN {WholeTypes} THEN cast_to_type(a // b, a + b)
            ELSE cast_to_type(a / b, a + b) END
        """,
        "CREATE MACRO pixel_modulo(a, b) AS CASE WHEN b = 0 AND typeof(a + b) NOT IN ('DOUBLE', 'FLOAT') THEN error('DIVISION_BY_ZERO: Division by zero') ELSE a % b END",
        "CREATE MACRO pixel_rounded(x) AS CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN cast_to_type(round(TRY_CAST(x AS DOUBLE)), x) ELSE x END",

        """
        CREATE MACRO pixel_try_time(x) AS try_strptime(replace(rtrim(x, 'Z'), 'T', ' '), ['%Y-%m-%d %H:%M:%S.%f', '%Y-%m-%d %H:%M:%S', '%Y-%m-%d %H:%M', '%Y-%m-%d'])
        """,
        """
        CREATE MACRO pixel_type_name(t) AS CASE t
            WHEN 'FLOAT' THEN 'real' WHEN 'BLOB' THEN 'varbinary' WHEN 'HUGEINT' THEN 'bigint' WHEN 'UBIGINT' THEN 'bigint'
            WHEN 'TIMESTAMP' THEN 'timestamp(3)' WHEN 'TIMESTAMP WITH TIME ZONE' THEN 'timestamp(3) with time zone' WHEN '"NULL"' THEN 'unknown'
            ELSE lower(t) END
        """,
        $"""
        CREATE MACRO pixel_same_kind(t, kind, op, place) AS CASE
            WHEN kind = 'varchar' AND t IN ('VARCHAR', '"NULL"') THEN TRUE
            WHEN kind <> 'varchar' AND (t IN {WholeTypes} OR t IN ('DOUBLE', 'FLOAT', '"NULL"') OR t LIKE 'DECIMAL%') THEN TRUE
            ELSE error('TYPE_MISMATCH: ' || place || ': Cannot apply operator: ' || pixel_type_name(t) || ' ' || op || ' ' || kind) END
        """,

        """
        CREATE MACRO pixel_varchar(x) AS CASE
            WHEN typeof(x) = 'TIMESTAMP' THEN strftime(TRY_CAST(CAST(x AS VARCHAR) AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g')
            WHEN typeof(x) = 'TIMESTAMP WITH TIME ZONE' THEN strftime(TRY_CAST(CAST(x AS VARCHAR) AS TIMESTAMPTZ), '%Y-%m-%d %H:%M:%S.%g') || ' UTC'
            WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN pixel_scientific(TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE))
            WHEN typeof(x) = 'JSON' THEN CAST(x AS VARCHAR)
            ELSE CAST(x AS VARCHAR) END
        """,
        """
        CREATE MACRO pixel_to_iso8601(x) AS replace(left(pixel_varchar(x), 23), ' ', 'T')
            || CASE WHEN typeof(x) = 'TIMESTAMP WITH TIME ZONE' THEN 'Z' ELSE '' END
        """,

        "CREATE MACRO pixel_split_part(s, d, i) AS CASE WHEN i > len(string_split(s, d)) THEN NULL ELSE split_part(s, d, i) END",
        """
        CREATE MACRO pixel_split_limited(s, d, n) AS CASE WHEN len(string_split(s, d)) <= n THEN string_split(s, d)
            ELSE list_append(string_split(s, d)[1:n - 1], array_to_string(string_split(s, d)[n:], d)) END
        """,
        """
        CREATE MACRO pixel_split_to_map(s, entries, pairs) AS map_from_entries(list_transform(string_split(s, entries),
            lambda e: {'key': split_part(e, pairs, 1), 'value': substr(e, strpos(e, pairs) + length(pairs))}))
        """,
        "CREATE MACRO pixel_regexp_extract(s, p, g) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p, g) END",
        @"CREATE MACRO pixel_regexp_replace(s, p, r) AS regexp_replace(s, p, regexp_replace(r, '\$(\d)', '\\\1', 'g'), 'g')",

        // RFC 3986, appendix B; what java.net.URI refuses is null.
        """CREATE MACRO pixel_url_valid(u) AS NOT regexp_matches(u, '[\s<>"{}|\\^`]')""",
        "CREATE MACRO pixel_url_decode(x) AS url_decode(replace(x, '+', ' '))",
        "CREATE MACRO pixel_url_encode(x) AS replace(replace(replace(url_encode(x), '%20', '+'), '~', '%7E'), '%2A', '*')",
        "CREATE MACRO pixel_url_protocol(u) AS CASE WHEN pixel_url_valid(u) THEN regexp_extract(u, '^([A-Za-z][A-Za-z0-9+.-]*):', 1) END",
        @"CREATE MACRO pixel_url_host(u) AS CASE WHEN pixel_url_valid(u) THEN regexp_extract(u, '^[^:/?#]+://(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)', 1) END",
        @"CREATE MACRO pixel_url_port(u) AS CASE WHEN pixel_url_valid(u) THEN TRY_CAST(nullif(regexp_extract(u, '^[^:/?#]+://(?:[^/?#@]*@)?(?:\[[^\]]*\]|[^/?#:]*):(\d+)', 1), '') AS BIGINT) END",
        "CREATE MACRO pixel_url_path(u) AS CASE WHEN pixel_url_valid(u) THEN url_decode(regexp_extract(u, '^(?:[^:/?#]+:)?(?://[^/?#]*)?([^?#]*)', 1)) END",
        @"CREATE MACRO pixel_url_raw_query(u) AS regexp_extract(u, '^[^?#]*\?([^#]*)', 1)",
        "CREATE MACRO pixel_url_query(u) AS CASE WHEN pixel_url_valid(u) THEN url_decode(pixel_url_raw_query(u)) END",
        "CREATE MACRO pixel_url_fragment(u) AS CASE WHEN pixel_url_valid(u) THEN url_decode(regexp_extract(u, '#(.*)$', 1)) END",
        """
        CREATE MACRO pixel_url_parameter(u, n) AS CASE WHEN pixel_url_valid(u) THEN list_transform(
            list_filter(string_split(pixel_url_raw_query(u), '&'), lambda p: p <> '' AND pixel_url_decode(split_part(p, '=', 1)) = n),
            lambda p: CASE WHEN contains(p, '=') THEN pixel_url_decode(substr(p, strpos(p, '=') + 1)) ELSE '' END)[1] END
        """,

        """
        CREATE MACRO pixel_json_scalar(j, p) AS CASE WHEN json_valid(j) THEN
            CASE WHEN json_type(j, p) IN ('OBJECT', 'ARRAY') THEN NULL ELSE json_extract_string(j, p) END END
        """,
        "CREATE MACRO pixel_json_extract(j, p) AS CASE WHEN json_valid(j) THEN json_extract(j, p) END",
        """
        CREATE MACRO pixel_json_size(j, p) AS CASE WHEN json_valid(j) THEN CASE json_type(j, p)
            WHEN 'ARRAY' THEN CAST(json_array_length(j, p) AS BIGINT) WHEN 'OBJECT' THEN CAST(len(json_keys(j, p)) AS BIGINT) ELSE CASE WHEN json_type(j, p) IS NULL THEN NULL ELSE 0 END END END
        """,

        // In the order of the first of each.
        "CREATE MACRO pixel_distinct(xs) AS list_filter(xs, lambda x, i: list_position(xs, x) = i)",
        // Of equal keys the first stays.
        """
        CREATE MACRO pixel_map_of(ks, vs) AS map_from_entries(list_filter(
            list_transform(list_zip(ks, vs), lambda e: {'key': e[1], 'value': e[2]}), lambda e, i: list_position(ks, e.key) = i))
        """,
    ];
}
