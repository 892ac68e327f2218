using System.Text;

namespace Pixel.Events.Tests.Fields;

public class FieldFileTests
{
    [Fact]
    public void The_shipped_file_is_valid_and_stands_beside_the_program()
    {
        FieldFile file = FieldFile.Load();

        Assert.Equal(
            ["event_name", "user_id", "third_party", "page_url", "referrer", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "language", "screen"],
            file.Fields.Select(f => f.Name));
        Field user = file.Fields[1];
        Assert.Equal("unknown", user.Default);
        Assert.True(user.Identifies);
        Assert.Equal(new FieldSource(FieldSourceKind.Query, "userid"), user.From[0]);
    }

    [Fact]
    public void Every_property_is_read()
    {
        Field field = Parse("""
            { // a comment
              "fields": [
                { "name": "price", "type": "double", "from": ["query:Price", "header:X-Price", "cookie:Price"], "default": 1.5, "identifies": true, "comment": "Net" },
              ],
            }
            """).Fields.Single();

        Assert.Equal(("price", FieldType.Double, "1.5", true, "Net"), (field.Name, field.Type, field.Default, field.Identifies, field.Comment));
        Assert.Equal(["query:price", "header:x-price", "cookie:Price"], field.From.Select(s => s.ToString()));
    }

    [Fact]
    public void A_byte_order_mark_is_no_problem() => Assert.Empty(FieldFile.Parse([0xEF, 0xBB, 0xBF, .. "{\"fields\":[]}"u8], "f.json").Fields);

    [Fact]
    public void Every_problem_is_reported_at_once_with_its_line_and_field()
    {
        var e = Assert.Throws<FieldFileException>(() => Parse("""
            {
              "fields": [
                { "name": "User-Id", "from": ["query:userid"] },
                { "name": "price", "type": "money" },
                { "name": "event_id" },
                { "name": "month" },
                { "name": "a", "form": ["query:a"], "maxLength": 0 },
                { "name": "a" },
                { "type": "int" },
                { "name": "b", "from": ["body:b", "query:", "header:a b", "cookie:x", "cookie:x", "header:Cookie"] },
                { "name": "c", "type": "int", "default": "many", "maxLength": 5 },
                { "name": "d", "name": "d", "from": "query:d", "identifies": "yes", "default": {} },
                7
              ],
              "version": 2
            }
            """));

        Assert.Equal(
            [
                "line 3, field User-Id: the name 'User-Id' must start with a lower-case letter, hold only lower-case letters, digits and underscores, and have at most 128 characters",
                "line 4, field price: the type 'money' is not known; it must be one of string, int, bigint, double, boolean, timestamp",
                "line 5, field event_id: the name 'event_id' is a built-in column",
                "line 6, field month: the name 'month' is a partition column",
                "line 7, field a: the property 'form' is not known",
                "line 7, field a: maxLength must be 1 to 16384",
                "line 8, field a: the name is already used on line 7",
                "line 9, field #7: the name is missing",
                "line 10, field b: the source 'body:b' must start with query:, header: or cookie:",
                "line 10, field b: the source 'query:' must name a query of 1 to 128 characters",
                "line 10, field b: the source 'header:a b' is not a possible header name",
                "line 10, field b: the source 'cookie:x' is there twice",
                "line 10, field b: the source 'header:Cookie' may not be read; name one cookie with cookie:",
                "line 11, field c: maxLength is only for the type string",
                "line 11, field c: the default 'many' is not of the type int",
                "line 12, field d: the property name is there twice",
                "line 12, field d: from must be a list such as [\"query:userid\"]",
                "line 12, field d: identifies must be true or false",
                "line 12, field d: default must be a text, a number, true or false",
                "line 13, field #11: a field must be an object",
                "line 15: the property 'version' is not known; there is only fields",
            ],
            e.Problems.Select(p => p.ToString()));
        Assert.StartsWith("The field file f.json has 21 problems: line 3, field User-Id: ", e.Message);
        Assert.EndsWith("there is only fields.", e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("", "line 1: this is not JSON")]
    [InlineData("{\n \"fields\": [\n  { \"name\": \"a\" \"type\": \"int\" }\n ]\n}", "line 3: this is not JSON")]
    [InlineData("{ \"fields\": [] } x", "line 1: this is not JSON")]
    [InlineData("[]", "line 1: the file must be an object with the property fields")]
    [InlineData("{}", "line 1: the property fields is missing")]
    [InlineData("{\"fields\": {}}", "line 1: fields must be a list")]
    [InlineData("{\"fields\": [{\"name\": \"\\ud800\"}]}", "field #1: name must be a text")]
    public void What_is_no_field_file_is_refused_in_one_sentence(string text, string expected)
    {
        var e = Assert.Throws<FieldFileException>(() => Parse(text));

        Assert.StartsWith("The field file f.json has ", e.Message);
        Assert.Contains(expected, e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void A_file_that_is_not_there_names_the_setting()
    {
        var e = Assert.Throws<FieldFileException>(() => FieldFile.Load("/nowhere/fields.json"));

        Assert.Equal("The field file /nowhere/fields.json does not exist (setting Fields:File).", e.Message);
    }

    [Fact]
    public void A_file_that_is_no_text_is_refused()
    {
        var e = Assert.Throws<FieldFileException>(() => FieldFile.Parse([0xFF, 0xFE, 0x00], "f.json"));

        Assert.Equal("The field file f.json is not UTF-8 text.", e.Message);
    }

    [Fact]
    public void Fields_that_could_make_an_event_too_large_are_refused()
    {
        string fields = string.Join(",", Enumerable.Range(0, 3).Select(i => $$"""{ "name": "f{{i}}", "maxLength": 16384 }"""));

        var e = Assert.Throws<FieldFileException>(() => Parse($$"""{ "fields": [{{fields}}] }"""));

        Assert.Contains("the maximum lengths add up to 49152; at most 44000 fit one event", e.Message);
    }

    private static FieldFile Parse(string text) => FieldFile.Parse(Encoding.UTF8.GetBytes(text), "f.json");
}
