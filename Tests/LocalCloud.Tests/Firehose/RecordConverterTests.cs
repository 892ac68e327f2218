using System.Text;
using LocalCloud.Firehose;
using LocalCloud.Firehose.Conversion;

namespace LocalCloud.Tests.Firehose;

public class RecordConverterTests
{
    private static readonly Deserializer OpenX = new(new OpenXJsonSerDe(null, null, null), null);
    private static readonly Deserializer Hive = new(null, new HiveJsonSerDe(null));

    [Theory]
    [InlineData("""{"a":"1"}{"a":"2"}""", 2)]
    [InlineData("{\"a\":\"1\"}\n{\"a\":\"2\"}\n", 2)]
    [InlineData("  {\"a\":\"1\"} \r\n\t {\"a\":\"2\"}", 2)]
    [InlineData("""{}""", 1)]
    public void Objects_may_follow_each_other_with_or_without_white_space(string record, int rows)
    {
        Assert.Null(Convert(record, OpenX, out var lines, ("a", "string")));
        Assert.Equal(rows, lines.Count);
    }

    [Theory]
    [InlineData("""[{"a":"1"},{"a":"2"}]""", "DataFormatConversion.MalformedData")]
    [InlineData("\"a\"", "DataFormatConversion.MalformedData")]
    [InlineData("null", "DataFormatConversion.MalformedData")]
    [InlineData("", "DataFormatConversion.ParseError")]
    [InlineData("  \n", "DataFormatConversion.ParseError")]
    [InlineData("""{"a":"1"}{"a":""", "DataFormatConversion.ParseError")]
    [InlineData("""{"a":"1"},{"a":"2"}""", "DataFormatConversion.ParseError")]
    [InlineData("""{"a":'1'}""", "DataFormatConversion.ParseError")]
    [InlineData("""{"a":1,}""", "DataFormatConversion.ParseError")]
    [InlineData("""{"a":NaN}""", "DataFormatConversion.ParseError")]
    [InlineData("""{"a":"\ud800"}""", "DataFormatConversion.ParseError")]
    [InlineData("not json", "DataFormatConversion.ParseError")]
    public void What_is_not_objects_fails(string record, string code) =>
        Assert.Equal(code, Convert(record, OpenX, out _, ("a", "string"))?.Code);

    [Fact]
    public void Bytes_that_are_no_UTF_8_fail()
    {
        var converter = new RecordConverter([new TargetColumn("a", HiveType.Parse("string")!)], OpenX);
        Assert.Equal("DataFormatConversion.ParseError", converter.Convert([.. "{\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8], out _, out _)?.Code);
    }

    [Fact]
    public void One_bad_object_fails_the_whole_record()
    {
        Assert.Equal("DataFormatConversion.MalformedData", Convert("""{"n":1}{"n":"x"}{"n":3}""", OpenX, out var lines, ("n", "int"))?.Code);
        Assert.Empty(lines);
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", "a")]
    [InlineData("""{"Page":1,"page":2}""", "page")]
    [InlineData("""{"dropped":{"X":1,"x":2}}""", "x")]
    [InlineData("""{"list":[{"k":1,"K":2}]}""", "k")]
    public void Two_keys_that_are_equal_in_lower_case_fail_even_where_nobody_looks(string record, string key)
    {
        var failure = Convert(record, OpenX, out _, ("a", "string"));
        Assert.Equal("DataFormatConversion.ParseError", failure?.Code);
        Assert.Contains($"Duplicate key \"{key}\"", failure!.Message);
    }

    [Theory]
    [InlineData("""{"USER_ID":"u","dropped":{"x":[1,2]}}""", """{"user_id":"u"}""")]
    [InlineData("""{"User_Id":null}""", """{}""")]
    public void Keys_are_lower_cased_and_attributes_that_the_table_lacks_are_dropped(string record, string row) =>
        Assert.Equal(row, Row(record, OpenX, ("user_id", "string")));

    [Theory]
    [InlineData("string", "42", "\"42\"")]
    [InlineData("string", "1.50", "\"1.50\"")]
    [InlineData("string", "1e3", "\"1e3\"")]
    [InlineData("string", "true", "\"true\"")]
    [InlineData("string", """{ "B" : [1, 2.0], "c": "x" }""", "\"{\\\"b\\\":[1,2.0],\\\"c\\\":\\\"x\\\"}\"")]
    [InlineData("string", "\"Zoë \\u0000 \\\"q\\\"\\n\"", "\"Zoë \\u0000 \\\"q\\\"\\n\"")]
    [InlineData("varchar(10)", "\"x\"", "\"x\"")]
    [InlineData("int", "42", "42")]
    [InlineData("int", "\"42\"", "42")]
    [InlineData("int", "-2147483648", "-2147483648")]
    [InlineData("bigint", "9223372036854775807", "9223372036854775807")]
    [InlineData("tinyint", "127", "127")]
    [InlineData("smallint", "-32768", "-32768")]
    [InlineData("double", "1e3", "1000")]
    [InlineData("double", "\"2.5\"", "2.5")]
    [InlineData("float", "0.5", "0.5")]
    [InlineData("boolean", "false", "false")]
    [InlineData("boolean", "\"TRUE\"", "true")]
    [InlineData("decimal(5,2)", "123.455", "\"123.46\"")]
    [InlineData("decimal(5,2)", "-0.005", "\"-0.01\"")]
    [InlineData("decimal(5,2)", "\"7\"", "\"7.00\"")]
    [InlineData("decimal(5,2)", "1.2e2", "\"120.00\"")]
    [InlineData("decimal(5,2)", "1e-999999999", "\"0.00\"")]
    [InlineData("decimal", "9", "\"9\"")]
    [InlineData("decimal(38,0)", "12345678901234567890123456789012345678", "\"12345678901234567890123456789012345678\"")]
    [InlineData("date", "\"2026-11-03\"", "\"2026-11-03\"")]
    [InlineData("date", "\"2026-1-3\"", "\"2026-01-03\"")]
    [InlineData("timestamp", "\"2026-11-23T08:30:00.123Z\"", "\"2026-11-23 08:30:00.123000\"")]
    [InlineData("timestamp", "\"2026-11-23T08:30:00Z\"", "\"2026-11-23 08:30:00.000000\"")]
    [InlineData("timestamp", "\"2026-11-23T08:30:00.123456789\"", "\"2026-11-23 08:30:00.123456\"")]
    [InlineData("timestamp", "\"2026-11-23 8:30:0\"", "\"2026-11-23 08:30:00.000000\"")]
    [InlineData("timestamp", "1518033528", "\"2018-02-07 19:58:48.000000\"")]
    [InlineData("timestamp", "1518033528.25", "\"2018-02-07 19:58:48.250000\"")]
    [InlineData("timestamp", "1518033528123", "\"2018-02-07 19:58:48.123000\"")]
    [InlineData("timestamp", "\"1518033528123\"", "\"2018-02-07 19:58:48.123000\"")]
    [InlineData("timestamp", "0", "\"1970-01-01 00:00:00.000000\"")]
    [InlineData("map<string,string>", """{"A":1,"b":null,"c":{"d":2}}""", """{"a":"1","b":null,"c":"{\"d\":2}"}""")]
    [InlineData("map<string,int>", """{"A":"1"}""", """{"a":1}""")]
    [InlineData("array<int>", """[1,"2",null]""", "[1,2,null]")]
    [InlineData("array<string>", "\"x\"", """["x"]""")]
    [InlineData("struct<a:int,b:struct<c:string>>", """{"B":{"C":1,"x":2},"a":3}""", """{"a":3,"b":{"c":"1"}}""")]
    [InlineData("array<struct<k:string,v:double>>", """[{"K":"x","v":1}]""", """[{"k":"x","v":1}]""")]
    public void A_value_becomes_what_its_column_holds(string type, string value, string expected) =>
        Assert.Equal($$"""{"x":{{expected}}}""", Row($$"""{"x":{{value}}}""", OpenX, ("x", type)));

    [Theory]
    [InlineData("int", "1.5")]
    [InlineData("int", "2147483648")]
    [InlineData("int", "\"oops\"")]
    [InlineData("int", "true")]
    [InlineData("int", "{}")]
    [InlineData("tinyint", "128")]
    [InlineData("bigint", "9223372036854775808")]
    [InlineData("double", "\"oops\"")]
    [InlineData("double", "1e999")]
    [InlineData("float", "1e39")]
    [InlineData("boolean", "1")]
    [InlineData("boolean", "\"yes\"")]
    [InlineData("decimal(5,2)", "1000")]
    [InlineData("decimal(5,2)", "999.995")]
    [InlineData("decimal(5,2)", "1e999999999")]
    [InlineData("decimal(5,2)", "\"x\"")]
    [InlineData("date", "\"2026-02-30\"")]
    [InlineData("date", "\"23.11.2026\"")]
    [InlineData("date", "20260101")]
    [InlineData("timestamp", "\"2026-9-7T12:00:02Z\"")]
    [InlineData("timestamp", "\"2026-11-23T08:30:00+01:00\"")]
    [InlineData("timestamp", "\"2026-11-23T24:00:00Z\"")]
    [InlineData("timestamp", "\"yesterday\"")]
    [InlineData("timestamp", "1e30")]
    [InlineData("map<string,string>", "[1]")]
    [InlineData("map<string,string>", "\"x\"")]
    [InlineData("struct<a:int>", "[1]")]
    [InlineData("struct<a:int>", """{"a":"x"}""")]
    [InlineData("array<int>", """["x"]""")]
    public void A_value_that_does_not_fit_its_column_fails_the_record(string type, string value) =>
        Assert.Equal("DataFormatConversion.MalformedData", Convert($$"""{"x":{{value}}}""", OpenX, out _, ("x", type))?.Code);

    [Theory]
    [InlineData("int", "\"42\"")]
    [InlineData("double", "\"2.5\"")]
    [InlineData("array<int>", "1")]
    [InlineData("string", "{}")]
    [InlineData("boolean", "\"true\"")]
    public void Hive_does_not_make_of_a_value_what_OpenX_does(string type, string value)
    {
        Assert.Null(Convert($$"""{"x":{{value}}}""", OpenX, out _, ("x", type)));
        Assert.Equal("DataFormatConversion.MalformedData", Convert($$"""{"x":{{value}}}""", Hive, out _, ("x", type))?.Code);
    }

    [Fact]
    public void Hive_finds_columns_in_any_case_and_leaves_the_keys_of_maps_alone() =>
        Assert.Equal("""{"x":{"Key":"v"}}""", Row("""{"X":{"Key":"v"}}""", Hive, ("x", "map<string,string>")));

    [Fact]
    public void A_case_sensitive_SerDe_finds_only_the_exact_key()
    {
        var sensitive = new Deserializer(new OpenXJsonSerDe(false, null, null), null);
        Assert.Equal("""{"x":"2"}""", Row("""{"X":1,"x":2}""", sensitive, ("x", "string")));
        Assert.Equal("{}", Row("""{"X":1}""", sensitive, ("x", "string")));
    }

    [Fact]
    public void A_column_can_be_read_from_a_key_of_another_name()
    {
        var mapped = new Deserializer(new OpenXJsonSerDe(null, null, new Dictionary<string, string> { ["ts"] = "Timestamp" }), null);
        Assert.Equal("""{"ts":"5"}""", Row("""{"timestamp":5,"ts":6}""", mapped, ("ts", "string")));
    }

    [Fact]
    public void Dots_in_keys_become_underscores_when_asked_for()
    {
        var dots = new Deserializer(new OpenXJsonSerDe(null, true, null), null);
        Assert.Equal("""{"a_b":"1"}""", Row("""{"a.B":1}""", dots, ("a_b", "string")));
        Assert.Equal("{}", Row("""{"a.b":1}""", OpenX, ("a_b", "string")));
    }

    [Theory]
    [InlineData("binary")]
    [InlineData("map<int,string>")]
    [InlineData("array<>")]
    [InlineData("decimal(39,0)")]
    [InlineData("struct<a>")]
    [InlineData("stringy")]
    [InlineData("string extra")]
    [InlineData(null)]
    public void A_type_that_cannot_be_converted_is_known_as_such(string? type) => Assert.Null(HiveType.Parse(type));

    private static string Row(string record, Deserializer deserializer, params (string Name, string Type)[] columns)
    {
        Assert.Null(Convert(record, deserializer, out var lines, columns));
        return Assert.Single(lines);
    }

    private static ConversionFailure? Convert(
        string record, Deserializer deserializer, out List<string> lines, params (string Name, string Type)[] columns)
    {
        var targets = columns.Select(column => new TargetColumn(column.Name, HiveType.Parse(column.Type)!)).ToList();
        var failure = new RecordConverter(targets, deserializer).Convert(Encoding.UTF8.GetBytes(record), out var rows, out var count);
        lines = [.. Encoding.UTF8.GetString(rows.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        Assert.Equal(lines.Count, failure is null ? count : 0);
        return failure;
    }
}
