using LocalCloud.Glue;
using LocalCloud.Protocol;

namespace LocalCloud.Tests.Glue;

public class PartitionExpressionTests
{
    private static readonly GlueColumn[] Hours =
        [new("year", "string"), new("month", "string"), new("day", "string"), new("hour", "string")];

    private static readonly GlueColumn[] Typed =
        [new("n", "int"), new("d", "date"), new("t", "timestamp"), new("amount", "decimal(10,2)"), new("region", "string")];

    [Theory]
    [InlineData("year = '2026'", true)]
    [InlineData("YEAR='2026' and Month='11'", true)]
    [InlineData("year = 2026", true)]
    [InlineData("year <> '2026'", false)]
    [InlineData("month > '09' AND month <= '11'", true)]
    [InlineData("day BETWEEN '01' AND '22'", false)]
    [InlineData("day NOT BETWEEN '01' AND '22'", true)]
    [InlineData("day BETWEEN '01' AND '23' AND hour = '08'", true)]
    [InlineData("hour IN ('07', '08')", true)]
    [InlineData("hour NOT IN ('07', '08')", false)]
    [InlineData("hour LIKE '0%'", true)]
    [InlineData("hour LIKE '_8'", true)]
    [InlineData("hour LIKE '%8%'", true)]
    [InlineData("hour LIKE '8'", false)]
    [InlineData("hour NOT LIKE '0_'", false)]
    [InlineData("hour IS NULL", false)]
    [InlineData("hour IS NOT NULL", true)]
    [InlineData("NOT (year = '2025')", true)]
    [InlineData("NOT year = '2026' OR hour = '08'", true)]
    [InlineData("year = '2025' OR year = '2026' AND month = '12'", false)]
    [InlineData("(year = '2025' OR year = '2026') AND month = '11'", true)]
    [InlineData("((((year = '2026'))))", true)]
    [InlineData("\"year\" = '2026' AND `month` = '11'", true)]
    [InlineData("", true)]
    [InlineData("   ", true)]
    public void String_keys_compare_by_their_text(string expression, bool matches) =>
        Assert.Equal(matches, PartitionExpression.Parse(expression, Hours).Matches(["2026", "11", "23", "08"]));

    [Theory]
    [InlineData("n = 9", true)]
    [InlineData("n = '9'", true)]
    [InlineData("n < 10", true)]
    [InlineData("n > -1", true)]
    [InlineData("n in (1, 9)", true)]
    [InlineData("d >= '2026-11-01' AND d < DATE '2026-12-01'", true)]
    [InlineData("t > '2026-11-23 08:00:00'", true)]
    [InlineData("t = TIMESTAMP '2026-11-23 08:30:00.000'", true)]
    [InlineData("amount = 10.5", true)]
    [InlineData("amount < 9", false)]
    [InlineData("region = 'it''s'", true)]
    public void A_literal_is_read_as_the_key_s_type(string expression, bool matches) =>
        Assert.Equal(matches, PartitionExpression.Parse(expression, Typed).Matches(["09", "2026-11-23", "2026-11-23 08:30:00", "10.50", "it's"]));

    [Theory]
    [InlineData("region IS NULL", true)]
    [InlineData("region = 'eu'", false)]
    [InlineData("region <> 'eu'", false)]
    [InlineData("NOT region = 'eu'", false)]
    [InlineData("region = 'eu' OR n = 1", true)]
    [InlineData("region <> 'eu' AND n = 1", false)]
    public void A_null_value_satisfies_nothing_but_IS_NULL(string expression, bool matches) =>
        Assert.Equal(matches, PartitionExpression.Parse(expression, Typed).Matches(["1", "2026-11-23", "2026-11-23 08:30:00", "1", "__HIVE_DEFAULT_PARTITION__"]));

    [Theory]
    [InlineData("minute = '00'", "Unknown column 'minute'")]
    [InlineData("year", "Unsupported expression 'year'")]
    [InlineData("year = ", "Unsupported expression 'year = '")]
    [InlineData("year != '2026'", "Unsupported expression 'year != '2026''")]
    [InlineData("year = '2026", "Unsupported expression 'year = '2026'")]
    [InlineData("year = '2026' month = '11'", "Unsupported expression 'year = '2026' month = '11''")]
    [InlineData("year = month", "Unsupported expression 'year = month'")]
    [InlineData("year NOT = '2026'", "Unsupported expression 'year NOT = '2026''")]
    [InlineData("(year = '2026'", "Unsupported expression '(year = '2026''")]
    [InlineData("year IN ()", "Unsupported expression 'year IN ()'")]
    [InlineData("year = '2026'; DROP TABLE x", "Unsupported expression 'year = '2026'; DROP TABLE x'")]
    public void What_the_grammar_lacks_is_invalid_input(string expression, string message)
    {
        var error = Assert.Throws<AwsException>(() => PartitionExpression.Parse(expression, Hours));
        Assert.Equal("InvalidInputException", error.Code);
        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData("n = 'nine'")]
    [InlineData("n LIKE '9%'")]
    [InlineData("d = '23.11.2026'")]
    public void A_literal_that_is_not_of_the_key_s_type_is_invalid_input(string expression) =>
        Assert.Equal("InvalidInputException", Assert.Throws<AwsException>(() => PartitionExpression.Parse(expression, Typed)).Code);

    [Fact]
    public void A_thousand_parentheses_are_refused_and_do_not_exhaust_the_stack()
    {
        var nested = new string('(', 1000) + "year = '2026'" + new string(')', 1000);
        Assert.Equal("InvalidInputException", Assert.Throws<AwsException>(() => PartitionExpression.Parse(nested, Hours)).Code);
    }

    [Theory]
    [InlineData("year = '2026' AND month = '11' AND hour = '08'", "2026,11")]
    [InlineData("month = '11' AND year = '2026'", "2026,11")]
    [InlineData("month = '11'", "")]
    [InlineData("year = '2026' OR month = '11'", "")]
    [InlineData("NOT (year = '2026')", "")]
    [InlineData("year > '2025'", "")]
    [InlineData("year = '2026' AND (month = '11' OR month = '12')", "2026")]
    public void Equalities_on_the_first_keys_say_where_to_read(string expression, string leading) =>
        Assert.Equal(leading, string.Join(',', PartitionExpression.Parse(expression, Hours).LeadingValues));

    [Fact]
    public void An_integer_key_says_nothing_of_where_to_read_since_1_and_01_are_two_values() =>
        Assert.Empty(PartitionExpression.Parse("n = 1", Typed).LeadingValues);
}
