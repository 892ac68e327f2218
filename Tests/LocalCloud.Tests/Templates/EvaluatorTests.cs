using System.Text.Json.Nodes;
using LocalCloud.Templates;
using LocalCloud.Templates.Language;

namespace LocalCloud.Tests.Templates;

public sealed class EvaluatorTests
{
    private static readonly StackIdentity Stack = new("PixelLake", "eu-west-1", "123456789012");

    [Theory]
    [InlineData("""{ "Ref": "Name" }""", "\"lake\"")]
    [InlineData("""{ "Ref": "Days" }""", "30")]
    [InlineData("""{ "Ref": "Zones" }""", """["a","b","c"]""")]
    [InlineData("""{ "Ref": "Bucket" }""", "\"the-bucket\"")]
    [InlineData("""{ "Ref": "AWS::Region" }""", "\"eu-west-1\"")]
    [InlineData("""{ "Ref": "AWS::AccountId" }""", "\"123456789012\"")]
    [InlineData("""{ "Ref": "AWS::Partition" }""", "\"aws\"")]
    [InlineData("""{ "Ref": "AWS::StackName" }""", "\"PixelLake\"")]
    [InlineData("""{ "Ref": "AWS::URLSuffix" }""", "\"amazonaws.com\"")]
    [InlineData("""{ "Fn::GetAtt": ["Bucket", "Arn"] }""", "\"arn:aws:s3:::the-bucket\"")]
    [InlineData("""{ "Fn::GetAtt": "Bucket.Arn" }""", "\"arn:aws:s3:::the-bucket\"")]
    [InlineData("""{ "Fn::GetAtt": ["Bucket", "Endpoint.Address"] }""", "\"there\"")]
    [InlineData("""{ "Fn::Join": ["/", ["s3:", "", { "Ref": "Bucket" }, { "Ref": "Days" }]] }""", "\"s3://the-bucket/30\"")]
    [InlineData("""{ "Fn::Join": [",", { "Ref": "Zones" }] }""", "\"a,b,c\"")]
    [InlineData("""{ "Fn::Split": [",", "x,y"] }""", """["x","y"]""")]
    [InlineData("""{ "Fn::Select": [1, { "Ref": "Zones" }] }""", "\"b\"")]
    [InlineData("""{ "Fn::Select": ["2", ["p", "q", "r"]] }""", "\"r\"")]
    [InlineData("""{ "Fn::FindInMap": ["Sizes", { "Ref": "AWS::Region" }, "Small"] }""", "1")]
    [InlineData("""{ "Fn::Base64": { "Ref": "Name" } }""", "\"bGFrZQ==\"")]
    [InlineData("""{ "Fn::GetAZs": "" }""", """["eu-west-1a","eu-west-1b","eu-west-1c"]""")]
    [InlineData("""{ "Fn::Select": [1, { "Fn::GetAZs": { "Ref": "AWS::Region" } }] }""", "\"eu-west-1b\"")]
    [InlineData("""{ "Fn::If": ["Yes", "then", "else"] }""", "\"then\"")]
    [InlineData("""{ "Fn::If": ["No", "then", "else"] }""", "\"else\"")]
    [InlineData("""{ "Plain": [1, true, "text"], "Fn": "no function" }""", """{"Plain":[1,true,"text"],"Fn":"no function"}""")]
    public void A_value_is_what_its_functions_say(string expression, string expected) =>
        Assert.Equal(expected, Evaluate(expression)!.ToJsonString());

    [Theory]
    [InlineData("\"plain $ { } $name\"", "plain $ { } $name")]
    [InlineData("\"${Name}-${Bucket}-${Bucket.Arn}-${AWS::Region}\"", "lake-the-bucket-arn:aws:s3:::the-bucket-eu-west-1")]
    [InlineData("\"${!Name} is literal, ${Name} is not\"", "${Name} is literal, lake is not")]
    [InlineData("\"${Days} days\"", "30 days")]
    [InlineData("""["${Own}/${Name}", { "Own": { "Fn::GetAtt": ["Bucket", "Arn"] } }]""", "arn:aws:s3:::the-bucket/lake")]
    [InlineData("""["${Name}", { "Name": "its own comes first" }]""", "its own comes first")]
    public void Sub_puts_values_into_a_text(string argument, string expected) =>
        Assert.Equal(expected, (string)Evaluate($$"""{ "Fn::Sub": {{argument}} }""")!);

    [Fact]
    public void NoValue_removes_the_property_or_the_element() =>
        Assert.Equal(
            """{"Kept":1,"List":["a"]}""",
            Evaluate("""
                {
                  "Kept": 1,
                  "Gone": { "Ref": "AWS::NoValue" },
                  "AlsoGone": { "Fn::If": ["No", { "X": 1 }, { "Ref": "AWS::NoValue" }] },
                  "List": ["a", { "Ref": "AWS::NoValue" }]
                }
                """)!.ToJsonString());

    [Theory]
    [InlineData("""{ "Fn::Equals": [{ "Ref": "Name" }, "lake"] }""", true)]
    [InlineData("""{ "Fn::Equals": [{ "Ref": "Days" }, "30"] }""", true)]
    [InlineData("""{ "Fn::Equals": [{ "Ref": "Name" }, "Lake"] }""", false)]
    [InlineData("""{ "Fn::Not": [{ "Condition": "Yes" }] }""", false)]
    [InlineData("""{ "Fn::And": [{ "Condition": "Yes" }, { "Condition": "No" }] }""", false)]
    [InlineData("""{ "Fn::Or": [{ "Condition": "Yes" }, { "Condition": "No" }] }""", true)]
    [InlineData("""{ "Fn::Equals": [{ "Fn::Select": [0, { "Fn::Split": ["a", "lake"] }] }, "l"] }""", true)]
    public void A_condition_holds_or_not(string expression, bool expected)
    {
        var evaluator = Evaluator(conditions: $$""", "Asked": {{expression}}""");

        Assert.Equal(expected, evaluator.Condition("Asked", "Test"));
    }

    [Theory]
    [InlineData("""{ "Ref": "Nobody" }""", "Test.Property refers to 'Nobody', which is neither a parameter nor a resource of the template.")]
    [InlineData("""{ "Ref": "Left" }""", "Test.Property refers to Left, which does not exist because the condition No does not hold.")]
    [InlineData("""{ "Fn::GetAtt": ["Bucket", "Colour"] }""", "Test.Property asks Bucket for 'Colour', but AWS::S3::Bucket has only Arn, Endpoint.Address.")]
    [InlineData("""{ "Fn::Sub": "${Nobody}" }""", "Test.Property refers to 'Nobody', which is neither a parameter nor a resource of the template.")]
    [InlineData("""{ "Fn::Sub": "${Zones}" }""", "Test.Property puts ${Zones} into a text, but it is not a text.")]
    [InlineData("""{ "Fn::If": ["Perhaps", 1, 2] }""", "Test.Property names the condition 'Perhaps', which the template does not have.")]
    [InlineData("""{ "Fn::If": ["Yes", 1] }""", "Test.Property uses Fn::If, which takes a condition and two values.")]
    [InlineData("""{ "Fn::Select": [3, { "Ref": "Zones" }] }""", "Test.Property selects number 3 of a list of 3.")]
    [InlineData("""{ "Fn::FindInMap": ["Sizes", "eu-west-1", "Huge"] }""", "Test.Property looks up Sizes / eu-west-1 / Huge, which the template's Mappings do not have.")]
    [InlineData("""{ "Fn::ImportValue": "x" }""", "Test.Property uses Fn::ImportValue, which is not supported.")]
    [InlineData("""{ "Deep": [{ "Here": { "Ref": "Nobody" } }] }""", "Test.Property.Deep[0].Here refers to 'Nobody', which is neither a parameter nor a resource of the template.")]
    public void What_cannot_be_evaluated_is_told_with_its_place(string expression, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<TemplateException>(() => Evaluate(expression)).Message);

    [Theory]
    [InlineData("""{ "Condition": "Asked" }""", "Conditions.Asked depends on itself.")]
    [InlineData("""{ "Condition": "Perhaps" }""", "Conditions.Asked names the condition 'Perhaps', which the template does not have.")]
    [InlineData("""{ "Fn::Equals": ["one"] }""", "Conditions.Asked uses Fn::Equals as no condition can.")]
    [InlineData("true", "Conditions.Asked is not a condition.")]
    public void A_wrong_condition_is_found_though_nothing_asks_for_it(string expression, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<TemplateException>(() => Evaluator($$""", "Asked": {{expression}}""")).Message);

    private static JsonNode? Evaluate(string expression) => Evaluator().Evaluate(JsonNode.Parse(expression), "Test.Property");

    private static Evaluator Evaluator(string conditions = "")
    {
        var template = StackTemplate.Parse(
            $$"""
            {
              "Parameters": {
                "Name": { "Type": "String", "Default": "lake" },
                "Days": { "Type": "Number", "Default": 30 },
                "Zones": { "Type": "CommaDelimitedList", "Default": "a, b, c" }
              },
              "Mappings": { "Sizes": { "eu-west-1": { "Small": 1 } } },
              "Conditions": {
                "Yes": { "Fn::Equals": ["a", "a"] },
                "No": { "Fn::Not": [{ "Condition": "Yes" }] }
                {{conditions}}
              },
              "Resources": {
                "Bucket": { "Type": "AWS::S3::Bucket" },
                "Left": { "Type": "AWS::S3::Bucket", "Condition": "No" }
              }
            }
            """);
        var values = template.Parameters.ToDictionary(p => p.Key, p => p.Value.Resolve(null, p.Key));
        var evaluator = new Evaluator(template, Stack, values);
        evaluator.Add("Bucket", new ResourceIdentity("the-bucket", new Dictionary<string, string>
        {
            ["Arn"] = "arn:aws:s3:::the-bucket",
            ["Endpoint.Address"] = "there",
        }));
        return evaluator;
    }
}
