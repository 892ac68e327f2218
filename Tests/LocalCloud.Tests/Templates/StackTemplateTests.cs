using LocalCloud.Templates;
using LocalCloud.Templates.Language;

namespace LocalCloud.Tests.Templates;

public sealed class StackTemplateTests
{
    [Theory]
    [InlineData("[]", "The template is not a JSON object.")]
    [InlineData("{}", "The template declares no Resources.")]
    [InlineData("""{ "Resources": [] }""", "The template's section Resources is not an object.")]
    [InlineData("""{ "Transform": "AWS::Serverless-2016-10-31", "Resources": {} }""", "The template's section Transform is not supported.")]
    [InlineData("""{ "Resources": { "A": {} } }""", "A has no Type.")]
    [InlineData("""{ "Resources": { "A": { "Type": "T", "Propertys": {} } } }""", "A.Propertys is not an attribute of a resource.")]
    [InlineData("""{ "Resources": { "A": { "Type": "T", "Properties": [] } } }""", "A.Properties is not an object.")]
    [InlineData("""{ "Resources": { "A": { "Type": "T" } }, "Outputs": { "O": {} } }""", "Outputs.O has no Value.")]
    public void What_is_not_a_template_is_told_in_one_sentence(string text, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<TemplateException>(() => StackTemplate.Parse(text)).Message);

    [Theory]
    [InlineData("Resources:\n  A:\n    Type: T", "The template is not JSON at line 1: ")]
    [InlineData("""{ "Resources": { "A": { "Type": "T" }, "A": { "Type": "T" } } }""", "The template is not JSON: ")]
    public void What_is_not_JSON_is_told_as_that(string text, string start) =>
        Assert.StartsWith(start, Assert.Throws<TemplateException>(() => StackTemplate.Parse(text)).Message);

    [Fact]
    public void A_name_that_is_made_up_belongs_to_the_stack_and_the_logical_id()
    {
        var stack = new StackIdentity("PixelLake", "us-east-1", "000000000000");

        Assert.Matches("^PixelLake-EventStream-[A-Z2-7]{12}$", stack.NameFor("EventStream"));
        Assert.Equal(stack.NameFor("EventStream"), (stack with { }).NameFor("EventStream"));
        Assert.NotEqual(stack.NameFor("EventStream"), (stack with { Region = "eu-west-1" }).NameFor("EventStream"));
        Assert.NotEqual(stack.SuffixFor("EventStream"), stack.SuffixFor("LakeBucket"));
        Assert.Equal(63, stack.NameFor(new string('X', 100), longest: 63).Length);
    }
}
