using Infrastructure.Edge;

namespace Infrastructure.Tests.Edge;

/// <summary>The templates of the bare function URL.</summary>
public sealed class FunctionUrlEdge() : SynthesizedEdge(new EdgeOptions { Way = ReceivingWay.FunctionUrl });

public sealed class FunctionUrlTests(FunctionUrlEdge synthesized) : BeaconFunctionPromises(synthesized), IClassFixture<FunctionUrlEdge>
{
    [Fact]
    public void Everybody_may_ask_by_the_URL_and_nobody_may_invoke_the_function_otherwise()
    {
        var permissions = Edge.OfType("AWS::Lambda::Permission");

        Assert.Equal("NONE", (string)Edge.Properties("BeaconUrl")["AuthType"]!);
        Assert.Equal(
            ["lambda:InvokeFunction", "lambda:InvokeFunctionUrl"],
            permissions.Values.Select(permission => (string)permission["Action"]!).Order());
        Assert.Equal("NONE", (string)Edge.Properties("PublicUrl")["FunctionUrlAuthType"]!);
        Assert.True((bool)Edge.Properties("PublicInvoke")["InvokedViaFunctionUrl"]!);
    }

    [Fact]
    public void The_visitors_address_is_what_Lambda_saw() =>
        Assert.Equal("requestcontext", Edge.EnvironmentOf("Beacon")["Proxy__AddressFrom"]);

    [Fact]
    public void There_is_nothing_that_costs_by_the_hour() => Assert.Equal(
        [
            "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::IAM::Role", "AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::Lambda::Url",
            "AWS::Logs::LogGroup", "AWS::SNS::Subscription", "AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "AWS::SQS::Queue", "AWS::SQS::QueuePolicy",
        ],
        Edge.Resources.Select(resource => (string)resource.Value!["Type"]!).Distinct().Order());
}
