using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace LocalCloud.Tests.Sts;

public sealed class CallerIdentityTests
{
    [Fact]
    public async Task The_caller_is_the_root_of_the_configured_account()
    {
        await using var server = await LocalCloudServer.StartAsync(settings: new() { ["LocalCloud:AccountId"] = "123456789012" });
        var sts = server.Client<AmazonSecurityTokenServiceClient, AmazonSecurityTokenServiceConfig>((keys, config) => new(keys, config));

        var caller = await sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), TestContext.Current.CancellationToken);

        Assert.Equal("123456789012", caller.Account);
        Assert.Equal("arn:aws:iam::123456789012:root", caller.Arn);
        Assert.Equal("123456789012", caller.UserId);
    }
}
