using System.Text.Json.Nodes;
using Infrastructure.Edge;

namespace Infrastructure.Tests.Edge;

/// <summary>The templates of the bare function URL.</summary>
public sealed class FunctionUrlEdge() : SynthesizedEdge(new EdgeOptions { Way = ReceivingWay.FunctionUrl });

public sealed class FunctionUrlTests(FunctionUrlEdge synthesized) : BeaconFunctionPromises(synthesized), IClassFixture<FunctionUrlEdge>
{
    /// <inheritdoc/>
    protected override string PixelUrl => @"^https://[a-z0-9]{32}\.lambda-url\.eu-central-1\.on\.aws/trackingpixel$";

    [Fact]
    public async Task A_template_that_lost_something_is_refused_by_the_name_of_its_resource_and_nothing_of_it_is_made()
    {
        await using var stacks = await StacksInLocalCloud.StartAsync();
        var parameters = new Dictionary<string, string> { ["PackageBucket"] = "packages-of-mine", ["PackageKey"] = "package.zip" };

        Assert.Equal("Beacon.Role is missing.", await RefusedAsync(resources => resources["Beacon"]!["Properties"]!.AsObject().Remove("Role")));
        Assert.Equal("BeaconUrl.AuthType is missing.", await RefusedAsync(resources => resources["BeaconUrl"]!["Properties"]!.AsObject().Remove("AuthType")));
        Assert.StartsWith(
            "Beacon.Role refers to 'BeaconRole', which is neither a parameter nor a resource",
            await RefusedAsync(resources => resources.Remove("BeaconRole")));
        Assert.StartsWith(
            "OverflowQueue.RedrivePolicy.deadLetterTargetArn asks OverflowDeadLetters for 'Name', but AWS::SQS::Queue has only Arn, ",
            await RefusedAsync(resources => resources["OverflowQueue"]!["Properties"]!["RedrivePolicy"]!["deadLetterTargetArn"]!["Fn::GetAtt"]![1] = "Name"));
        Assert.StartsWith(
            "BeaconUrl.Type is AWS::Lambda::Uri, which LocalCloud does not have; ",
            await RefusedAsync(resources => resources["BeaconUrl"]!["Type"] = "AWS::Lambda::Uri"));
        Assert.Empty((await stacks.Sqs.ListQueuesAsync(new Amazon.SQS.Model.ListQueuesRequest(), TestContext.Current.CancellationToken)).QueueUrls ?? []);

        async Task<string> RefusedAsync(Action<JsonObject> change)
        {
            var template = Edge.Root.DeepClone();
            change(template["Resources"]!.AsObject());
            return await stacks.RefusedAsync(PixelEdgeStack.DefaultName, template, parameters);
        }
    }

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
