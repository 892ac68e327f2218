using System.Text.Json;

namespace Cli.Tests.Query;

public class QueryTests(RunningCloud cloud) : IClassFixture<RunningCloud>
{
    private const string ThreeRows = "SELECT n, word FROM (VALUES (1, 'plain'), (2, NULL), (3, 'with \"quotes\", and a comma')) AS t (n, word) ORDER BY n";

    [Fact]
    public async Task A_table_shows_the_rows_what_was_scanned_and_the_time()
    {
        var run = await QueryAsync(ThreeRows);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("| 1 | plain", run.Out);
        Assert.Contains("| 2 | NULL", run.Out);
        Assert.Matches(@"^3 rows, 0 B scanned, \d+\.\d\d s$", run.Lines[^1]);
    }

    [Fact]
    public async Task Csv_has_a_header_and_quotes_only_where_it_must()
    {
        var run = await QueryAsync(ThreeRows, "--csv");

        Assert.Equal(["n,word", "1,plain", "2,", "3,\"with \"\"quotes\"\", and a comma\""], run.Lines);
    }

    [Fact]
    public async Task An_empty_text_and_a_null_differ_in_csv()
    {
        var run = await QueryAsync("SELECT '' AS empty, CAST(NULL AS varchar) AS missing", "--csv");

        Assert.Equal(["empty,missing", "\"\","], run.Lines);
    }

    [Fact]
    public async Task Json_is_an_array_of_objects_with_numbers_and_booleans_as_such()
    {
        var run = await QueryAsync("SELECT 7 AS whole, 0.5e0 AS half, true AS yes, NULLIF(1, 1) AS nothing, 'ü\"' AS text", "--json");

        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal("""{"whole":7,"half":0.5,"yes":true,"nothing":null,"text":"ü\""}""", json.RootElement[0].GetRawText());
        Assert.Equal(1, json.RootElement.GetArrayLength());
    }

    [Fact]
    public async Task No_rows_are_an_empty_array_and_a_lonely_header()
    {
        const string nothing = "SELECT 1 AS n WHERE 1 = 0";

        Assert.Equal(0, JsonDocument.Parse((await QueryAsync(nothing, "--json")).Out).RootElement.GetArrayLength());
        Assert.Equal(["n"], (await QueryAsync(nothing, "--csv")).Lines);
        Assert.StartsWith("0 rows, ", (await QueryAsync(nothing)).Lines[^1]);
    }

    [Fact]
    public async Task More_rows_than_one_page_holds_all_arrive_in_order()
    {
        var run = await QueryAsync("SELECT n FROM UNNEST(sequence(1, 2345)) AS t (n) ORDER BY n", "--csv");

        Assert.Equal(["n", .. Enumerable.Range(1, 2345).Select(number => $"{number}")], run.Lines);
    }

    [Fact]
    public async Task A_control_character_is_shown_and_not_obeyed()
    {
        var run = await QueryAsync("SELECT concat('red', chr(27), '[31m') AS agent");

        Assert.DoesNotContain('\e', run.Out);
        Assert.Contains("red␛[31m", run.Out);
    }

    [Fact]
    public async Task A_statement_without_a_header_row_keeps_its_first_row()
    {
        var run = await QueryAsync("SHOW TABLES", "--csv");

        Assert.Contains("tp_events", run.Lines.Skip(1));
    }

    [Theory]
    [InlineData("SELECT nothing_such FROM tp_events", "nothing_such")]
    [InlineData("SELECT * FROM no_such_table", "no_such_table")]
    [InlineData("SELEKT 1", "SELEKT")]
    public async Task What_athena_refuses_is_told_and_fails(string sql, string culprit)
    {
        var run = await QueryAsync(sql);

        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("Athena: ", run.Error);
        Assert.Contains(culprit, run.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_workgroup_that_is_not_there_is_told_and_fails()
    {
        var run = await QueryAsync("SELECT 1", "--workgroup", "nobodys");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("Athena: ", run.Error);
    }

    private Task<CommandRun> QueryAsync(string sql, params string[] options) => CommandRun.OfAsync(["query", sql, "--cloud-port", cloud.Port, .. options]);
}
