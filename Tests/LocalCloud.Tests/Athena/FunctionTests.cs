namespace LocalCloud.Tests.Athena;

/// <summary>
/// Trino's functions and literals, each with the answer that Trino's documentation or its rules give, as Athena prints it.
/// </summary>
public sealed class FunctionTests(FunctionTests.OneServer server) : IClassFixture<FunctionTests.OneServer>
{
    private readonly AthenaBench _bench = server.Bench;

    /// <summary>The queries here read no tables, so one server does for all.</summary>
    public sealed class OneServer : IAsyncLifetime
    {
        public AthenaBench Bench { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Bench = await AthenaBench.StartAsync();

        public ValueTask DisposeAsync() => Bench.DisposeAsync();
    }

    private static readonly (string Area, string Expression, string Expected)[] Cases =
    [
        ("division", "7 / 2", "3"),
        ("division", "-7 / 2", "-3"),
        ("division", "7 / 2.0", "3.5"),
        ("division", "7e0 / 2", "3.5"),
        ("division", "1.0 / 3", "0.3"),
        ("division", "7e0 / 0", "Infinity"),
        ("division", "7 % 3", "1"),
        ("division", "mod(-7, 3)", "-1"),
        ("division", "TRY(1 / 0)", "∅"),
        ("division", "coalesce(TRY(1 / 0), 9)", "9"),
        ("numbers", "1.5e0", "1.5"),
        ("numbers", "1e7", "1.0E7"),
        ("numbers", "12345678.9e0", "1.23456789E7"),
        ("numbers", "0.001e0", "0.001"),
        ("numbers", "1e-4", "1.0E-4"),
        ("numbers", "100e0", "100.0"),
        ("numbers", "CAST(1.5 AS decimal(10,2))", "1.50"),
        ("numbers", "CAST(2.5e0 AS integer)", "3"),
        ("numbers", "CAST(-2.5e0 AS bigint)", "-3"),
        ("numbers", "round(2.567e0, 1)", "2.6"),
        ("numbers", "greatest(1, NULL, 3)", "∅"),
        ("numbers", "least(4, 2, 3)", "2"),
        ("numbers", "power(2, 10)", "1024.0"),
        ("numbers", "bitwise_and(12, 10)", "8"),
        ("numbers", "width_bucket(5e0, 0e0, 10e0, 5)", "3"),
        ("numbers", "truncate(-1.7e0)", "-1.0"),
        ("conditions", "IF(1 > 2, 'a', 'b')", "b"),
        ("conditions", "IF(1 > 2, 'a')", "∅"),
        ("conditions", "CASE WHEN 1 = 1 THEN 'yes' ELSE 'no' END", "yes"),
        ("conditions", "nullif(1, 1)", "∅"),
        ("conditions", "NOT TRUE", "false"),
        ("conditions", "1 IS DISTINCT FROM NULL", "true"),
        ("conditions", "TRY_CAST('x' AS integer)", "∅"),
        ("casts", "CAST(timestamp '2026-11-23 08:00:00' AS varchar)", "2026-11-23 08:00:00.000"),
        ("casts", "CAST(1.5e0 AS varchar)", "1.5E0"),
        ("casts", "CAST(12 AS varchar) || 'x'", "12x"),
        ("casts", "CAST(NULL AS integer)", "∅"),
        ("casts", "TRY_CAST(NULL AS bigint)", "∅"),
        ("casts", "CAST(NULL AS varchar)", "∅"),
        ("casts", "CAST(NULL AS json)", "∅"),
        ("casts", "coalesce(CAST(NULL AS bigint), 7)", "7"),
        ("casts", "CAST('2026-11-23' AS date)", "2026-11-23"),
        ("casts", "CAST('abcdef' AS varchar(3))", "abc"),
        ("casts", "CAST(TRUE AS varchar)", "true"),
        ("casts", "CAST(ARRAY[1, 2] AS json)", "[1,2]"),
        ("casts", "CAST(json '{\"a\":\"b\"}' AS map(varchar, varchar))", "{a=b}"),
        ("casts", "CAST(ROW(1, 'x') AS ROW(a integer, b varchar))", "{a=1, b=x}"),
        ("casts", "CAST(ROW(1, 'x') AS ROW(a integer, b varchar)).b", "x"),
        ("casts", "typeof(1)", "integer"),
        ("casts", "typeof('x')", "varchar"),
        ("literals", "date '2026-11-23'", "2026-11-23"),
        ("literals", "timestamp '2026-11-23 08:00:00'", "2026-11-23 08:00:00.000"),
        ("literals", "timestamp '2026-11-23 08:00:00.123 UTC'", "2026-11-23 08:00:00.123 UTC"),
        ("literals", "X'6162'", "61 62"),
        ("literals", "'it''s'", "it's"),
        ("literals", "'-- not a comment /* nor this */'", "-- not a comment /* nor this */"),
        ("literals", "ARRAY[1, NULL, 3]", "[1, null, 3]"),
        ("literals", "ARRAY[ARRAY['a'], ARRAY[]]", "[[a], []]"),
        ("literals", "MAP(ARRAY['a', 'b'], ARRAY[1, 2])", "{a=1, b=2}"),
        ("literals", "ROW(1, 'b')", "{field0=1, field1=b}"),
        ("literals", "interval '2' day", "2 00:00:00.000"),
        ("dates", "date_trunc('hour', timestamp '2026-11-23 08:15:30.5')", "2026-11-23 08:00:00.000"),
        ("dates", "date_trunc('month', date '2026-11-23')", "2026-11-01"),
        ("dates", "date_trunc('week', date '2026-11-25')", "2026-11-23"),
        ("dates", "date_add('day', -7, date '2026-11-23')", "2026-11-16"),
        ("dates", "date_add('month', 1, timestamp '2026-01-31 10:00:00')", "2026-02-28 10:00:00.000"),
        ("dates", "date_add('quarter', 1, date '2026-01-31')", "2026-04-30"),
        ("dates", "date_diff('day', timestamp '2020-03-01 23:00:00', timestamp '2020-03-02 01:00:00')", "0"),
        ("dates", "date_diff('hour', timestamp '2026-11-23 08:00:00', timestamp '2026-11-23 10:59:00')", "2"),
        ("dates", "date_diff('day', date '2026-11-01', date '2026-11-23')", "22"),
        ("dates", "date '2026-11-23' - interval '1' day", "2026-11-22"),
        ("dates", "date '2026-11-23' + 2 * interval '1' day", "2026-11-25"),
        ("dates", "timestamp '2026-11-23 08:00:00' + interval '90' minute", "2026-11-23 09:30:00.000"),
        ("dates", "date_format(timestamp '2026-11-03 08:05:09', '%Y-%m-%d %H:%i:%s')", "2026-11-03 08:05:09"),
        ("dates", "date_format(timestamp '2026-11-03 08:05:09', '%e %c %W %M %y %T')", "3 11 Tuesday November 26 08:05:09"),
        ("dates", "date_parse('2026-11-23 08:05:09', '%Y-%m-%d %H:%i:%s')", "2026-11-23 08:05:09.000"),
        ("dates", "date_parse('23/11/2026', '%d/%m/%Y')", "2026-11-23 00:00:00.000"),
        ("dates", "format_datetime(timestamp '2026-11-03 08:05:09.123', 'yyyy-MM-dd''T''HH:mm:ss.SSS')", "2026-11-03T08:05:09.123"),
        ("dates", "format_datetime(timestamp '2026-11-03 18:05:09', 'EEE, d MMM yyyy hh:mm a')", "Tue, 3 Nov 2026 06:05 PM"),
        ("dates", "parse_datetime('2026-11-23 08:05', 'yyyy-MM-dd HH:mm')", "2026-11-23 08:05:00.000 UTC"),
        ("dates", "from_iso8601_timestamp('2026-11-23T08:05:09.123Z')", "2026-11-23 08:05:09.123 UTC"),
        ("dates", "from_iso8601_timestamp('2026-11-23T10:05:09+02:00')", "2026-11-23 08:05:09.000 UTC"),
        ("dates", "from_iso8601_date('2026-11-23')", "2026-11-23"),
        ("dates", "to_iso8601(timestamp '2026-11-23 08:05:09')", "2026-11-23T08:05:09.000"),
        ("dates", "from_unixtime(1)", "1970-01-01 00:00:01.000 UTC"),
        ("dates", "to_unixtime(timestamp '1970-01-01 00:00:01.5')", "1.5"),
        ("dates", "year(date '2026-11-23')", "2026"),
        ("dates", "day_of_week(date '2026-11-23')", "1"),
        ("dates", "day_of_week(date '2026-11-22')", "7"),
        ("dates", "week(date '2026-01-01')", "1"),
        ("dates", "EXTRACT(hour FROM timestamp '2026-11-23 08:05:09')", "8"),
        ("dates", "millisecond(timestamp '2026-11-23 08:05:09.123')", "123"),
        ("dates", "last_day_of_month(date '2026-02-03')", "2026-02-28"),
        ("dates", "CAST(timestamp '2026-11-23 23:30:00 UTC' AT TIME ZONE 'Europe/Berlin' AS date)", "2026-11-24"),
        ("dates", "hour(at_timezone(timestamp '2026-11-23 08:00:00 UTC', 'America/New_York'))", "3"),
        ("dates", "date('2026-11-23') = date '2026-11-23'", "true"),
        ("dates", "sequence(date '2026-11-22', date '2026-11-24')", "[2026-11-22, 2026-11-23, 2026-11-24]"),
        ("texts", "concat('a', 'b', 'c')", "abc"),
        ("texts", "concat('a', NULL)", "∅"),
        ("texts", "'a' || 'b'", "ab"),
        ("texts", "substr('abcdef', 2, 3)", "bcd"),
        ("texts", "substr('abcdef', -2)", "ef"),
        ("texts", "strpos('abc', 'c')", "3"),
        ("texts", "position('b' IN 'abc')", "2"),
        ("texts", "lpad('7', 3, '0')", "007"),
        ("texts", "rpad('7', 3, 'x')", "7xx"),
        ("texts", "split('a,b,c', ',')", "[a, b, c]"),
        ("texts", "split('a,b,c', ',', 2)", "[a, b,c]"),
        ("texts", "split_part('a,b,c', ',', 2)", "b"),
        ("texts", "split_part('a,b,c', ',', 5)", "∅"),
        ("texts", "split_to_map('a=1&b=2', '&', '=')", "{a=1, b=2}"),
        ("texts", "replace('banana', 'an')", "ba"),
        ("texts", "reverse('abc')", "cba"),
        ("texts", "trim('  x ')", "x"),
        ("texts", "trim(BOTH 'x' FROM 'xxaxx')", "a"),
        ("texts", "upper('äb')", "ÄB"),
        ("texts", "length('äöü')", "3"),
        ("texts", "chr(65)", "A"),
        ("texts", "codepoint('A')", "65"),
        ("texts", "starts_with('pixel', 'pix')", "true"),
        ("texts", "levenshtein_distance('kitten', 'sitting')", "3"),
        ("texts", "'10%' LIKE '10\\%' ESCAPE '\\'", "true"),
        ("patterns", "regexp_like('Chrome/120', 'Chrome/\\d+')", "true"),
        ("patterns", "regexp_extract('Chrome/120', '(\\w+)/(\\d+)', 2)", "120"),
        ("patterns", "regexp_extract('none', '(\\d+)', 1)", "∅"),
        ("patterns", "regexp_extract_all('1a 2b 14m', '\\d+')", "[1, 2, 14]"),
        ("patterns", "regexp_replace('1a 2b', '(\\d)([ab]) ?', '$2$1')", "a1b2"),
        ("patterns", "regexp_replace('1a 2b', '\\d')", "a b"),
        ("patterns", "regexp_split('1a 2b', '\\s')", "[1a, 2b]"),
        ("urls", "url_extract_host('https://user@www.example.com:8443/a/b?x=1#f')", "www.example.com"),
        ("urls", "url_extract_path('https://www.example.com/a%20b/c?x=1')", "/a b/c"),
        ("urls", "url_extract_query('https://www.example.com/a?x=1&y=2#f')", "x=1&y=2"),
        ("urls", "url_extract_protocol('https://www.example.com/')", "https"),
        ("urls", "url_extract_port('https://www.example.com:8443/')", "8443"),
        ("urls", "url_extract_port('https://www.example.com/')", "∅"),
        ("urls", "url_extract_fragment('https://www.example.com/#top')", "top"),
        ("urls", "url_extract_parameter('https://e.com/?a=1&utm_source=news%20letter&b', 'utm_source')", "news letter"),
        ("urls", "url_extract_parameter('https://e.com/?a=1', 'zz')", "∅"),
        ("urls", "url_extract_host('not a url')", "∅"),
        ("urls", "url_encode('a b&c')", "a+b%26c"),
        ("urls", "url_decode('a+b%26c')", "a b&c"),
        ("json", "json_extract_scalar('{\"a\":{\"b\":1}}', '$.a.b')", "1"),
        ("json", "json_extract_scalar('{\"a b\":\"x\"}', '$[\"a b\"]')", "x"),
        ("json", "json_extract_scalar('{\"a\":[1,2]}', '$.a')", "∅"),
        ("json", "json_extract_scalar('{\"a\":[1,2]}', '$.a[1]')", "2"),
        ("json", "json_extract_scalar('not json', '$.a')", "∅"),
        ("json", "json_extract('{\"a\":{\"b\":1}}', '$.a')", "{\"b\":1}"),
        ("json", "json_array_length('[1,2,3]')", "3"),
        ("json", "json_format(json_parse('[1, 2]'))", "[1,2]"),
        ("json", "json_size('{\"a\":{\"x\":1,\"y\":2}}', '$.a')", "2"),
        ("collections", "ARRAY[1, 2, 3][1]", "1"),
        ("collections", "element_at(ARRAY[1, 2, 3], -1)", "3"),
        ("collections", "element_at(ARRAY[1, 2, 3], 9)", "∅"),
        ("collections", "element_at(MAP(ARRAY['a'], ARRAY[1]), 'a')", "1"),
        ("collections", "element_at(MAP(ARRAY['a'], ARRAY[1]), 'b')", "∅"),
        ("collections", "MAP(ARRAY['a'], ARRAY[1])['a']", "1"),
        ("collections", "map_keys(MAP(ARRAY['a', 'b'], ARRAY[1, 2]))", "[a, b]"),
        ("collections", "map_values(MAP(ARRAY['a', 'b'], ARRAY[1, 2]))", "[1, 2]"),
        ("collections", "cardinality(ARRAY[1, 2, 3])", "3"),
        ("collections", "cardinality(MAP(ARRAY['a', 'b'], ARRAY[1, 2]))", "2"),
        ("collections", "contains(ARRAY['a', 'b'], 'b')", "true"),
        ("collections", "array_join(ARRAY['a', NULL, 'b'], '-')", "a-b"),
        ("collections", "array_join(ARRAY['a', NULL, 'b'], '-', '?')", "a-?-b"),
        ("collections", "array_distinct(ARRAY[1, 1, 1])", "[1]"),
        ("collections", "array_sort(ARRAY[3, NULL, 1])", "[1, 3, null]"),
        ("collections", "array_max(ARRAY[3, 1])", "3"),
        ("collections", "array_position(ARRAY['a', 'b'], 'b')", "2"),
        ("collections", "array_position(ARRAY['a', 'b'], 'z')", "0"),
        ("collections", "array_except(ARRAY[1, 2, 3], ARRAY[2])", "[1, 3]"),
        ("collections", "arrays_overlap(ARRAY[1, 2], ARRAY[2])", "true"),
        ("collections", "slice(ARRAY[1, 2, 3, 4], 2, 2)", "[2, 3]"),
        ("collections", "flatten(ARRAY[ARRAY[1], ARRAY[2, 3]])", "[1, 2, 3]"),
        ("collections", "sequence(1, 4)", "[1, 2, 3, 4]"),
        ("collections", "repeat('x', 3)", "[x, x, x]"),
        ("collections", "ARRAY[1] || ARRAY[2]", "[1, 2]"),
        ("collections", "transform(ARRAY[1, 2], x -> x + 1)", "[2, 3]"),
        ("collections", "filter(ARRAY[1, 2, 3], x -> x > 1)", "[2, 3]"),
        ("collections", "reduce(ARRAY[1, 2, 3], 10, (s, x) -> s + x, s -> s)", "16"),
        ("collections", "reduce(ARRAY[1, 2, 3], 0, (s, x) -> s + x, s -> s * 2)", "12"),
        ("collections", "any_match(ARRAY[1, 2], x -> x > 1)", "true"),
        ("collections", "all_match(ARRAY[1, 2], x -> x > 1)", "false"),
        ("collections", "none_match(ARRAY[1, 2], x -> x > 5)", "true"),
        ("collections", "zip_with(ARRAY[1, 2], ARRAY[10, 20], (a, b) -> a + b)", "[11, 22]"),
        ("collections", "map_filter(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), (k, v) -> v > 1)", "{b=2}"),
        ("collections", "transform_values(MAP(ARRAY['a'], ARRAY[1]), (k, v) -> v + 1)", "{a=2}"),
        ("collections", "map_concat(MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['b'], ARRAY[2]))", "{a=1, b=2}"),
        ("binaries", "to_hex(md5(to_utf8('a')))", "0CC175B9C0F1B6A831C399E269772661"),
        ("binaries", "to_hex(sha256(to_utf8('a')))", "CA978112CA1BBDCAFAC231B39A23DC4DA786EFF8147C4E72B9807785AFEE48BB"),
        ("binaries", "from_utf8(from_hex('6162'))", "ab"),
        ("binaries", "to_base64(to_utf8('hello'))", "aGVsbG8="),
        ("binaries", "from_utf8(from_base64('aGVsbG8='))", "hello"),
        ("binaries", "md5(to_utf8('a'))", "0c c1 75 b9 c0 f1 b6 a8 31 c3 99 e2 69 77 26 61"),
    ];

    public static TheoryData<string> Areas => [.. Cases.Select(c => c.Area).Distinct()];

    [Theory]
    [MemberData(nameof(Areas))]
    public async Task Functions_answer_what_Trino_answers(string area)
    {
        var cases = Cases.Where(c => c.Area == area).ToList();
        var wrong = new List<string>();
        foreach (var (_, expression, expected) in cases)
        {
            var execution = await _bench.RunAsync($"SELECT {expression}");
            var actual = execution.Status.State.Value == "SUCCEEDED" ? (await _bench.ResultAsync(execution))[1] : execution.Status.StateChangeReason;
            if (actual != expected)
            {
                wrong.Add($"{expression}: {actual} instead of {expected}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private const string Numbers = "(VALUES (1, 'a', 10), (2, 'b', 20), (3, 'a', NULL)) AS t (n, k, v)";

    [Theory]
    [InlineData("starts_with('{1}', '{0}')", "false")]
    [InlineData("split_part('{1},b', ',', 1)", "{1}")]
    [InlineData("regexp_like('{1}', '^.[0-9]{1}.$')", "true")]
    [InlineData("strpos('{1}', ' || ''b'' || ')", "0")]
    [InlineData("transform_values(MAP(ARRAY['a'], ARRAY['b']), (k, v) -> v || '{0}')", "{a=b{0}}")]
    [InlineData("transform(ARRAY['{1}'], x -> x || '{0}')", "[{1}{0}]")]
    public async Task A_text_that_looks_like_a_place_in_a_template_is_a_text(string expression, string expected) =>
        Assert.Equal([expected], await _bench.RowsAsync($"SELECT {expression}"));

    [Theory]
    [InlineData("count(*)", "3")]
    [InlineData("count(v)", "2")]
    [InlineData("count(DISTINCT k)", "2")]
    [InlineData("sum(v)", "30")]
    [InlineData("avg(v)", "15.0")]
    [InlineData("count_if(n > 1)", "2")]
    [InlineData("count_if(n > 1) FILTER (WHERE n > 99)", "0")]
    [InlineData("count(*) FILTER (WHERE k = 'a')", "2")]
    [InlineData("approx_distinct(k)", "2")]
    [InlineData("approx_percentile(n, 0.5)", "2")]
    [InlineData("max_by(k, n)", "a")]
    [InlineData("max_by(v, n)", "∅")]
    [InlineData("min_by(k, n)", "a")]
    [InlineData("array_agg(n ORDER BY n DESC)", "[3, 2, 1]")]
    [InlineData("array_agg(v ORDER BY n)", "[10, 20, null]")]
    [InlineData("listagg(k, ',') WITHIN GROUP (ORDER BY n)", "a,b,a")]
    [InlineData("map_agg(k, n)", "{a=1, b=2}")]
    [InlineData("histogram(k)", "{a=2, b=1}")]
    [InlineData("bool_and(n > 0)", "true")]
    [InlineData("arbitrary(k) IS NOT NULL", "true")]
    [InlineData("sum(n) / count(*)", "2")]
    [InlineData("sum(n) / CAST(count(*) AS double)", "2.0")]
    [InlineData("stddev_pop(n) > 0.81", "true")]
    public async Task Aggregates_answer_what_Trino_answers(string expression, string expected) =>
        Assert.Equal([expected], await _bench.RowsAsync($"SELECT {expression} FROM {Numbers}"));

    [Theory]
    [InlineData("SELECT n FROM (VALUES 1, 3, 2) AS t (n) ORDER BY n DESC OFFSET 1 LIMIT 1", "2")]
    [InlineData("SELECT n FROM (VALUES 1, 3, 2) AS t (n) ORDER BY n FETCH FIRST 2 ROWS ONLY", "1,2")]
    [InlineData("SELECT n FROM (VALUES 1, NULL, 2) AS t (n) ORDER BY n DESC", "2,1,∅")]
    [InlineData("SELECT n FROM (VALUES 1, NULL, 2) AS t (n) ORDER BY n DESC NULLS FIRST", "∅,2,1")]
    [InlineData("SELECT x, i FROM UNNEST(ARRAY['a', 'b']) WITH ORDINALITY AS t (x, i) ORDER BY i", "a|1,b|2")]
    [InlineData("SELECT k, v FROM UNNEST(MAP(ARRAY['a', 'b'], ARRAY[1, 2])) AS t (k, v) ORDER BY k", "a|1,b|2")]
    [InlineData("SELECT a, b FROM UNNEST(ARRAY[ROW(1, 'x'), ROW(2, 'y')]) AS t (a, b) ORDER BY a", "1|x,2|y")]
    [InlineData("SELECT a, b FROM UNNEST(ARRAY[1, 2], ARRAY['x']) AS t (a, b) ORDER BY a", "1|x,2|∅")]
    [InlineData("SELECT n, x FROM (VALUES (1, ARRAY['a', 'b']), (2, ARRAY[])) AS t (n, xs) CROSS JOIN UNNEST(xs) AS u (x) ORDER BY x", "1|a,1|b")]
    [InlineData("SELECT n, x FROM (VALUES (1, ARRAY['a']), (2, ARRAY[])) AS t (n, xs) LEFT JOIN UNNEST(xs) AS u (x) ON TRUE ORDER BY n", "1|a,2|∅")]
    [InlineData("SELECT k, sum(n) FROM (VALUES (1, 'a'), (2, 'b'), (3, 'a')) AS t (n, k) GROUP BY GROUPING SETS ((k), ()) ORDER BY k", "a|4,b|2,∅|6")]
    [InlineData("SELECT k, sum(n), grouping(k) FROM (VALUES (1, 'a'), (2, 'b')) AS t (n, k) GROUP BY ROLLUP (k) ORDER BY 1", "a|1|0,b|2|0,∅|3|1")]
    [InlineData("WITH a AS (SELECT 1 AS n), b AS (SELECT n + 1 AS n FROM a) SELECT * FROM a UNION ALL SELECT * FROM b ORDER BY n", "1,2")]
    [InlineData("WITH RECURSIVE t (n) AS (VALUES 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT n FROM t ORDER BY n", "1,2,3")]
    [InlineData("SELECT n, row_number() OVER (PARTITION BY k ORDER BY n DESC) AS r FROM (VALUES (1, 'a'), (2, 'b'), (3, 'a')) AS t (n, k) ORDER BY n", "1|2,2|1,3|1")]
    [InlineData("SELECT n, lag(n) OVER (ORDER BY n), sum(n) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2, 3) AS t (n) ORDER BY n", "1|∅|1,2|1|3,3|2|6")]
    [InlineData("SELECT first_value(v) IGNORE NULLS OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM (VALUES (1, NULL), (2, 5)) AS t (n, v) LIMIT 1", "5")]
    [InlineData("SELECT a.n, b.m FROM (VALUES 1, 2) AS a (n) LEFT JOIN (VALUES 2) AS b (m) ON a.n = b.m ORDER BY 1", "1|∅,2|2")]
    [InlineData("SELECT n FROM (VALUES 1, 2, 3) AS t (n) WHERE n IN (SELECT m FROM (VALUES 2, 3) AS u (m)) AND EXISTS (SELECT 1) ORDER BY n", "2,3")]
    [InlineData("SELECT n FROM (VALUES 1, 2, 3) AS t (n) WHERE n > ALL (VALUES 1, 2)", "3")]
    [InlineData("SELECT (SELECT max(n) FROM (VALUES 1, 2) AS t (n)) + 1", "3")]
    [InlineData("VALUES (1, 'a'), (2, 'b')", "1|a,2|b")]
    [InlineData("SELECT DISTINCT k FROM (VALUES 'a', 'a') AS t (k)", "a")]
    [InlineData("SELECT n FROM (VALUES 1, 2) AS t (n) EXCEPT SELECT 1", "2")]
    [InlineData("SELECT \"N\" FROM (VALUES 7) AS t (n)", "7")]
    public async Task Queries_mean_what_they_mean_in_Trino(string sql, string expected) =>
        Assert.Equal(expected, string.Join(',', await _bench.RowsAsync(sql)));

    [Theory]
    [InlineData("SELECT 1 / 0", "DIVISION_BY_ZERO: Division by zero")]
    [InlineData("SELECT n / 0 FROM (VALUES 1) AS t (n)", "DIVISION_BY_ZERO: Division by zero")]
    [InlineData("SELECT 1 FROM (VALUES 'a') AS t (k) WHERE k = 1", "TYPE_MISMATCH: line 1:45: Cannot apply operator: varchar = integer")]
    [InlineData("SELECT read_text('/etc/passwd')", "FUNCTION_NOT_FOUND: line 1:8: Function 'read_text' not registered")]
    [InlineData("SELECT getvariable('x')", "FUNCTION_NOT_FOUND: line 1:8: Function 'getvariable' not registered")]
    [InlineData("SELECT nothing", "COLUMN_NOT_FOUND: line 1:8: Column 'nothing' cannot be resolved")]
    [InlineData("SELECT * FROM nowhere", "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.pixel.nowhere' does not exist")]
    [InlineData("SELECT * FROM no.where_", "SCHEMA_NOT_FOUND: line 1:15: Schema 'no' does not exist")]
    public async Task A_query_that_cannot_be_answered_fails_in_Athenas_words(string sql, string reason) =>
        Assert.Equal(reason, await _bench.FailureAsync(sql));
}
