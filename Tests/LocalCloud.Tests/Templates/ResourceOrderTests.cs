using LocalCloud.Templates;
using LocalCloud.Templates.Language;

namespace LocalCloud.Tests.Templates;

public sealed class ResourceOrderTests
{
    [Fact]
    public void Without_references_the_template_s_order_stays() => Assert.Equal(["C", "A", "B"], Order("""
        "C": { "Type": "T" }, "A": { "Type": "T" }, "B": { "Type": "T" }
        """));

    [Theory]
    [InlineData("""{ "Ref": "Z" }""")]
    [InlineData("""{ "Fn::GetAtt": ["Z", "Arn"] }""")]
    [InlineData("""{ "Fn::GetAtt": "Z.Arn" }""")]
    [InlineData("""{ "Fn::Sub": "${Z}" }""")]
    [InlineData("""{ "Fn::Sub": "${Z.Arn}" }""")]
    [InlineData("""{ "Fn::Sub": ["${Own}", { "Own": { "Ref": "Z" } }] }""")]
    [InlineData("""{ "Fn::If": ["No", "x", { "Deep": [{ "Ref": "Z" }] }] }""")]
    [InlineData("""{ "Fn::Join": ["", ["x", { "Ref": "Z" }]] }""")]
    public void What_is_referred_to_comes_first(string reference) => Assert.Equal(["Z", "A"], Order($$"""
        "A": { "Type": "T", "Properties": { "P": {{reference}} } }, "Z": { "Type": "T" }
        """));

    [Theory]
    [InlineData("\"Z\"")]
    [InlineData("[\"Z\"]")]
    public void What_is_depended_on_comes_first(string dependsOn) => Assert.Equal(["Z", "A"], Order($$"""
        "A": { "Type": "T", "DependsOn": {{dependsOn}} }, "Z": { "Type": "T" }
        """));

    [Fact]
    public void A_text_that_only_looks_like_a_reference_is_none() => Assert.Equal(["A", "Z"], Order("""
        "A": { "Type": "T", "Properties": { "P": { "Fn::Sub": ["${!Z} ${Z}", { "Z": "own" }] }, "Q": "${Z}" } }, "Z": { "Type": "T" }
        """));

    [Fact]
    public void Resources_that_wait_for_each_other_are_named() => Assert.Equal(
        "Resources wait for each other: B → C → B.",
        Assert.Throws<TemplateException>(() => Order("""
            "A": { "Type": "T", "DependsOn": "B" },
            "B": { "Type": "T", "Properties": { "P": { "Ref": "C" } } },
            "C": { "Type": "T", "Properties": { "P": { "Fn::GetAtt": ["B", "Arn"] } } }
            """)).Message);

    [Theory]
    [InlineData("""{ "Type": "T", "DependsOn": "Nobody" }""", "A.DependsOn names 'Nobody', which is not a resource of the template.")]
    [InlineData("""{ "Type": "T", "Properties": { "P": [{ "Q": { "Ref": "Nobody" } }] } }""", "A.P.Q refers to 'Nobody', which is neither a parameter nor a resource of the template.")]
    public void A_reference_that_leads_nowhere_is_named(string resource, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<TemplateException>(() => Order($$""" "A": {{resource}} """)).Message);

    private static IEnumerable<string> Order(string resources) =>
        ResourceOrder.Of(StackTemplate.Parse($$"""{ "Resources": { {{resources}} } }""")).Select(resource => resource.LogicalId);
}
