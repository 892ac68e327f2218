using System.Text.Json;
using Beacon.Api.Tests.Journal;

namespace Beacon.Api.Tests.Extraction;

public sealed class FieldExtractionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a=1&b=2", "header", "1")]
    [InlineData("b=2&a=1", "header", "1")]
    [InlineData("b=2&a=", "header", "2")]
    [InlineData("A=1&a=2", "header", "1")]
    [InlineData("c=3", "header", "header")]
    [InlineData("c=3", "", "fallback")]
    public async Task The_first_source_with_a_value_wins_and_none_means_the_default(string query, string header, string expected)
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(_folder.With(
            """{ "name": "f", "from": ["query:a", "query:b", "header:X-F"], "default": "fallback" }"""));

        JsonElement e = await beacon.KeepAsync(query, ("X-F", header));

        Assert.Equal(expected, e.Text("f"));
    }

    [Fact]
    public async Task What_no_field_took_is_in_params()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(_folder.With(
            """{ "name": "f", "from": ["query:a", "query:b"] }, { "name": "n", "type": "int", "from": ["query:n"] }"""));

        JsonElement e = await beacon.KeepAsync("a=1&a=2&b=3&n=many&X=4&x=5&empty=&flag&a=");

        Assert.Equal("1", e.Text("f"));
        Assert.Null(e.Text("n"));
        Assert.Equal(["a=2", "b=3", "n=many", "x=4,5", "empty=", "flag="], e.Params());
    }

    [Fact]
    public async Task Typed_fields_are_written_as_their_types()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(_folder.With(
            """
            { "name": "i", "type": "int", "from": ["query:i"] }, { "name": "l", "type": "bigint", "from": ["query:l"] },
            { "name": "d", "type": "double", "from": ["query:d"], "default": 0.5 }, { "name": "b", "type": "boolean", "from": ["query:b"] },
            { "name": "t", "type": "timestamp", "from": ["query:t"] }
            """));

        JsonElement e = await beacon.KeepAsync("i=-1&l=9007199254740993&b=True&t=2026-01-02T03:04:05Z");

        Assert.Equal("-1 9007199254740993 0.5 true \"2026-01-02T03:04:05.000Z\"", string.Join(' ', "ildbt".Select(f => e.GetProperty(f.ToString()).GetRawText())));
        Assert.Empty(e.Params());
    }

    [Fact]
    public async Task What_the_table_has_no_column_for_yet_is_in_params_as_well()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(
            _folder.With("""{ "name": "old", "from": ["query:old"] }, { "name": "plan", "from": ["query:p", "header:X-Plan"] }, { "name": "n", "type": "int", "from": ["query:n"] }, { "name": "t", "type": "timestamp", "from": ["query:t"] }, { "name": "none", "from": ["query:none"] }"""), ("AWS:Resources:EventFields", "old, other"));

        JsonElement e = await beacon.KeepAsync("old=1&n=7&t=2026-01-02T03:04:05Z&plan=of-nobody", ("X-Plan", "gold"));

        Assert.Equal(("1", "gold", 7), (e.Text("old"), e.Text("plan"), e.GetProperty("n").GetInt32()));
        Assert.Equal(["plan=gold,of-nobody", "n=7", "t=2026-01-02T03:04:05.000Z"], e.Params());
    }

    [Fact]
    public async Task Cookies_are_read_only_where_a_field_asks_for_one()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(_folder.With("""{ "name": "f", "from": ["cookie:asked"] }"""));

        JsonElement e = await beacon.KeepAsync("", ("Cookie", "secret=s; asked=yes; Asked=no"));

        Assert.Equal("yes", e.Text("f"));
        Assert.DoesNotContain("secret", e.GetRawText());
    }

    [Fact]
    public async Task Names_in_other_scripts_are_found()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(_folder.With("""{ "name": "f", "from": ["query:имя"] }"""));

        JsonElement e = await beacon.KeepAsync("%D0%B8%D0%BC%D1%8F=%D0%90%D0%BD%D0%BD%D0%B0&%D0%9A%D0%BB%D1%8E%D1%87=1");

        Assert.Equal("Анна", e.Text("f"));
        Assert.Equal(["ключ=1"], e.Params());
    }

    [Fact]
    public async Task A_value_is_cut_at_its_maximum_and_stands_whole_in_the_query()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(_folder.With("""{ "name": "f", "from": ["query:f"], "maxLength": 3 }"""));

        JsonElement e = await beacon.KeepAsync("f=abcdef");

        Assert.Equal("abc", e.Text("f"));
        Assert.Equal("f=abcdef", e.Text("query"));
    }

    [Fact]
    public async Task One_parameter_may_fill_several_fields()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(_folder.With(
            """{ "name": "text", "from": ["query:v"] }, { "name": "number", "type": "int", "from": ["query:v"] }"""));

        JsonElement e = await beacon.KeepAsync("v=7");

        Assert.Equal(("7", 7), (e.Text("text"), e.GetProperty("number").GetInt32()));
        Assert.Empty(e.Params());
    }

    [Fact]
    public async Task Several_headers_of_one_name_are_joined()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(_folder.With("""{ "name": "f", "from": ["header:X-F"] }"""));

        await beacon.SendAsync("GET /trackingpixel HTTP/1.1\r\nHost: x\r\nX-F: a\r\nConnection: close\r\nX-F: b\r\n\r\n");

        Assert.Equal("a, b", beacon.Events().Single().Text("f"));
    }
}
