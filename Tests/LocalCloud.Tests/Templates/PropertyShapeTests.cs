using System.Text.Json.Nodes;
using LocalCloud.Templates;
using LocalCloud.Templates.Resources;
using static LocalCloud.Templates.Resources.PropertyShape;

namespace LocalCloud.Tests.Templates;

public sealed class PropertyShapeTests
{
    private static readonly PropertyShape Shape = Members(
        ("Name!", Text), ("Count", Whole), ("On", Flag), ("Parameters", TextMap), ("Inner", Members(("List", List(Whole)))), ("Rest", Any));

    [Fact]
    public void Texts_become_what_the_service_wants() => Assert.Equal(
        """{"Name":"5","Count":15,"On":true,"Parameters":{"a":"1","b":"true"},"Inner":{"List":[1,2]},"Rest":{"x":[1]}}""",
        Read("""
            { "Name": 5, "Count": "15", "On": "true", "Parameters": { "a": 1, "b": true }, "Inner": { "List": ["1", 2.0] }, "Rest": { "x": [1] } }
            """).ToJsonString());

    [Theory]
    [InlineData("""{ }""", "Stream.Name is missing.")]
    [InlineData("""{ "Name": "n", "Nmae": 1 }""", "Stream.Nmae is not supported; Stream takes Name, Count, On, Parameters, Inner, Rest.")]
    [InlineData("""{ "Name": "n", "Count": "many" }""", "Stream.Count must be a whole number, not \"many\".")]
    [InlineData("""{ "Name": "n", "Count": 1.5 }""", "Stream.Count must be a whole number, not 1.5.")]
    [InlineData("""{ "Name": "n", "On": "yes" }""", "Stream.On must be true or false, not \"yes\".")]
    [InlineData("""{ "Name": ["n"] }""", "Stream.Name must be a text, not [\"n\"].")]
    [InlineData("""{ "Name": "n", "Inner": { "List": 1 } }""", "Stream.Inner.List must be a list, not 1.")]
    [InlineData("""{ "Name": "n", "Inner": { "List": [1, "x"] } }""", "Stream.Inner.List[1] must be a whole number, not \"x\".")]
    public void What_does_not_fit_is_told_with_its_place(string properties, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<TemplateException>(() => Read(properties)).Message);

    [Fact]
    public void A_shape_can_be_written_as_a_text() => Assert.Equal(
        """{"Name":"5","Count":15,"Share":0.5,"On":true,"Inner":{"List":[1,2]},"Pairs":[{"Key":"a"}],"Rest":[{"x":1}]}""",
        PropertyNotation.Read("Name! Count# Share~ On? Inner{List![#]} Pairs[{Key! Value}] Rest[*] Absent").Read(JsonNode.Parse("""
            { "Name": 5, "Count": "15", "Share": "0.5", "On": "true", "Inner": { "List": ["1", 2] }, "Pairs": [{ "Key": "a" }], "Rest": [{ "x": 1 }] }
            """)!, "It").ToJsonString());

    [Theory]
    [InlineData("Name{Inner", "A } is missing in: Name{Inner")]
    [InlineData("Name[#", "A ] is missing in: Name[#")]
    [InlineData("Name}", "'}' has no beginning in: Name}")]
    [InlineData("Name !", "'!' is no name in: Name !")]
    public void A_text_that_is_no_shape_is_told(string text, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<FormatException>(() => PropertyNotation.Read(text)).Message);

    private static JsonNode Read(string properties) => Shape.Read(JsonNode.Parse(properties)!, "Stream");
}
