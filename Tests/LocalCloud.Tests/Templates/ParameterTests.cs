using System.Text.Json.Nodes;
using LocalCloud.Templates;
using LocalCloud.Templates.Language;

namespace LocalCloud.Tests.Templates;

public sealed class ParameterTests
{
    [Theory]
    [InlineData("""{ "Type": "String", "Default": "d" }""", null, "\"d\"")]
    [InlineData("""{ "Type": "String", "Default": "d" }""", "", "\"\"")]
    [InlineData("""{ "Type": "Number", "Default": 15 }""", null, "15")]
    [InlineData("""{ "Type": "Number", "Default": "15" }""", "0.5", "0.5")]
    [InlineData("""{ "Type": "Number", "Default": 15, "MaxValue": 20 }""", "20", "20")]
    [InlineData("""{ "Type": "Number", "AllowedValues": ["1", "7"] }""", "7", "7")]
    [InlineData("""{ "Type": "CommaDelimitedList" }""", "a, b", """["a","b"]""")]
    [InlineData("""{ "Type": "CommaDelimitedList" }""", "", "[]")]
    [InlineData("""{ "Type": "List<Number>" }""", "1,2", "[1,2]")]
    [InlineData("""{ "Type": "String", "AllowedPattern": "[a-z]+" }""", "abc", "\"abc\"")]
    [InlineData("""{ "Type": "AWS::EC2::VPC::Id" }""", "vpc-0a1b2c3d4e5f60718", "\"vpc-0a1b2c3d4e5f60718\"")]
    [InlineData("""{ "Type": "List<AWS::EC2::Subnet::Id>" }""", "subnet-0a1b2c3d,subnet-4e5f6071", """["subnet-0a1b2c3d","subnet-4e5f6071"]""")]
    [InlineData("""{ "Type": "AWS::SSM::Parameter::Name" }""", "/pixel/size", "\"/pixel/size\"")]
    [InlineData("""{ "Type": "AWS::SSM::Parameter::Value<String>" }""", "/pixel/size", "\"43\"")]
    [InlineData("""{ "Type": "AWS::SSM::Parameter::Value<List<String>>", "Default": "/pixel/list" }""", null, """["a","b"]""")]
    [InlineData("""{ "Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>" }""", "/pixel/image", "\"ami-0a1b2c3d\"")]
    public void A_value_is_what_was_given_or_else_the_default(string declaration, string? given, string expected) =>
        Assert.Equal(expected, Resolve(declaration, given).ToJsonString());

    [Theory]
    [InlineData("""{ "Type": "String" }""", null, "LocalCloud:Parameters:P is missing: the template has no default for it.")]
    [InlineData("""{ "Type": "Number" }""", "many", "LocalCloud:Parameters:P must be a number, not 'many'.")]
    [InlineData("""{ "Type": "Number", "MinValue": 64 }""", "63", "LocalCloud:Parameters:P must be at least 64, not '63'.")]
    [InlineData("""{ "Type": "Number", "MaxValue": 900 }""", "901", "LocalCloud:Parameters:P must be at most 900, not '901'.")]
    [InlineData("""{ "Type": "String", "AllowedValues": ["parquet", "json"] }""", "csv", "LocalCloud:Parameters:P must be one of parquet, json, not 'csv'.")]
    [InlineData("""{ "Type": "String", "MinLength": 3 }""", "ab", "LocalCloud:Parameters:P must be at least 3 characters long, not 'ab'.")]
    [InlineData("""{ "Type": "String", "MaxLength": 1 }""", "ab", "LocalCloud:Parameters:P must be at most 1 characters long, not 'ab'.")]
    [InlineData("""{ "Type": "String", "AllowedPattern": "[a-z]+" }""", "ab1", "LocalCloud:Parameters:P must be a text that matches [a-z]+, not 'ab1'.")]
    [InlineData("""{ "Type": "String", "AllowedPattern": "[a-z]+" }""", "ab\n", "LocalCloud:Parameters:P must be a text that matches [a-z]+, not 'ab\n'.")]
    [InlineData("""{ "Type": "String", "AllowedPattern": "[a-z]+", "ConstraintDescription": "Small letters." }""", "A", "LocalCloud:Parameters:P is 'A', but takes small letters.")]
    [InlineData("""{ "Type": "String", "MaxLength": 1, "NoEcho": true }""", "secret", "LocalCloud:Parameters:P must be at most 1 characters long, not what it is.")]
    [InlineData("""{ "Type": "Number", "Default": 5, "MinValue": 10 }""", null, "The default of the template's parameter P must be at least 10, not '5'.")]
    [InlineData("""{ "Type": "List<Number>" }""", "1,x", "LocalCloud:Parameters:P must be a number, not 'x'.")]
    [InlineData("""{ "Type": "AWS::EC2::VPC::Id" }""", "", "LocalCloud:Parameters:P must be the id of a VPC, not ''.")]
    [InlineData("""{ "Type": "List<AWS::EC2::Subnet::Id>" }""", "subnet-0a1b2c3d,vpc-4e5f6071", "LocalCloud:Parameters:P must be the id of a subnet, not 'vpc-4e5f6071'.")]
    [InlineData("""{ "Type": "AWS::SSM::Parameter::Value<String>" }""", "/none", "LocalCloud:SsmParameters:/none is missing: the template's parameter P is the value of that SSM parameter, and LocalCloud has no Systems Manager.")]
    [InlineData("""{ "Type": "AWS::SSM::Parameter::Value<AWS::EC2::VPC::Id>" }""", "/pixel/size", "LocalCloud:SsmParameters:/pixel/size must be the id of a VPC, not '43'.")]
    public void A_value_that_breaks_a_rule_is_told_in_one_sentence(string declaration, string? given, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<TemplateException>(() => Resolve(declaration, given)).Message);

    [Theory]
    [InlineData("""{ "Default": "d" }""", "Parameters.P has no Type.")]
    [InlineData("""{ "Type": "AWS::EC2::Vpc::Id" }""", "Parameters.P.Type is AWS::EC2::Vpc::Id, which is not supported.")]
    [InlineData("""{ "Type": "AWS::SSM::Parameter::Value<Text>" }""", "Parameters.P.Type is AWS::SSM::Parameter::Value<Text>, which is not supported.")]
    [InlineData("""{ "Type": "String", "Defualt": "d" }""", "Parameters.P.Defualt is not an attribute of a parameter.")]
    public void A_wrong_declaration_is_told_in_one_sentence(string declaration, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<TemplateException>(() => Resolve(declaration, "x")).Message);

    private static JsonNode Resolve(string declaration, string? given) =>
        ParameterDeclaration.Parse("P", JsonNode.Parse(declaration)).Resolve(given, "LocalCloud:Parameters:P", new Dictionary<string, string>
        {
            ["/pixel/size"] = "43", ["/pixel/list"] = "a,b", ["/pixel/image"] = "ami-0a1b2c3d",
        });
}
