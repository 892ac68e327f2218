using System.Buffers.Text;
using System.Text;
using Beacon.Api.Tests.Crash;
using Beacon.Api.Tests.Journal;
using LocalCloud.Tests;

namespace Beacon.Api.Tests.Identity;

/// <summary>A beacon in a pod, for which Kubernetes vouches by a token in a file.</summary>
public sealed class WebIdentityTests : IDisposable
{
    private const string PodRole = "arn:aws:iam::000000000000:role/beacon";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_asks_for_keys_with_the_token_and_without_a_signature_and_puts_with_them()
    {
        await using var cloud = await CloudOfAnother.StartAsync();
        await using var beacon = await BeaconProcess.StartAsync(Arguments(cloud), shell: Environment());
        using var client = new HttpClient { BaseAddress = beacon.Url };

        await Pixels.AssertPixelAsync(await client.GetAsync("/trackingpixel?userid=a"), 200);
        Assert.Equal(0, await beacon.TerminateAsync());

        var session = Assert.Single(cloud.Sessions);
        Assert.Equal(("AssumeRoleWithWebIdentity", "", PodRole, Token()), (session.Action, session.Key, session.Asked["RoleArn"], session.Asked["WebIdentityToken"]));
        Assert.True(Assert.Single(cloud.Puts).IsOfSession);
    }

    [Fact]
    public async Task The_queue_gets_its_messages_with_them_too_and_the_role_of_the_lake_is_assumed_with_them()
    {
        await using var cloud = await CloudOfAnother.StartAsync();
        var queue = await cloud.CreateQueueAsync();
        await using var beacon = await BeaconProcess.StartAsync(
            Arguments(cloud, $"--Delivery:RoleArn={CloudOfAnother.Role}", "--Delivery:Mode=writethrough", $"--Delivery:OverflowQueueUrl={queue}", "--Delivery:RequestTimeout=00:00:06", "--Delivery:RetryBase=00:01:00", "--Delivery:RetryCap=00:01:00"),
            shell: Environment());
        using var client = new HttpClient { BaseAddress = beacon.Url };

        await Pixels.AssertPixelAsync(await client.GetAsync("/trackingpixel?userid=a"), 200);
        cloud.Away["firehose"] = true;
        await Pixels.AssertPixelAsync(await client.GetAsync("/trackingpixel?userid=b"), 200);

        var own = cloud.Calls.Single(call => call.Action == "SendMessage").Key;
        Assert.Equal(["AssumeRoleWithWebIdentity", "AssumeRole"], cloud.Sessions.Select(call => call.Action));
        Assert.Equal(own, cloud.Sessions[1].Key);
        Assert.StartsWith("ASIA", own);
        Assert.NotEqual(own, Assert.Single(cloud.Puts).Key);
    }

    [Fact]
    public async Task Keys_in_the_environment_come_first()
    {
        await using var cloud = await CloudOfAnother.StartAsync();
        await using var beacon = await BeaconProcess.StartAsync(
            Arguments(cloud), shell: $"{Environment()} AWS_ACCESS_KEY_ID={LocalCloudServer.AccessKey} AWS_SECRET_ACCESS_KEY={LocalCloudServer.SecretKey}");
        using var client = new HttpClient { BaseAddress = beacon.Url };

        await Pixels.AssertPixelAsync(await client.GetAsync("/trackingpixel?userid=a"), 200);
        Assert.Equal(0, await beacon.TerminateAsync());

        Assert.Empty(cloud.Sessions);
        Assert.Equal(LocalCloudServer.AccessKey, Assert.Single(cloud.Puts).Key);
    }

    [Fact]
    public async Task While_the_token_is_not_there_the_journal_keeps_events_and_the_log_says_why()
    {
        await using var cloud = await CloudOfAnother.StartAsync();
        await using var beacon = await BeaconProcess.StartAsync(Arguments(cloud, "--Delivery:DrainTimeout=00:00:00"), shell: Environment(written: false));
        using var client = new HttpClient { BaseAddress = beacon.Url };

        await Pixels.AssertPixelAsync(await client.GetAsync("/trackingpixel?userid=a"), 200);
        beacon.SignalTermination();
        var printed = await beacon.EndAsync();

        Assert.NotEmpty(Journals.Segments(_folder["journal"]));
        Assert.Contains($"There are no new keys of the role {PodRole}", printed);
        Assert.Contains(_folder["token"], printed);
    }

    // Keys of the settings come first, so these settings have none.
    private string[] Arguments(CloudOfAnother cloud, params string[] more) =>
    [
        "--urls=http://127.0.0.1:0", $"--Journal:Folder={_folder["journal"]}", $"--AWS:ServiceURL={cloud.Url}", $"--AWS:Resources:EventStreamName={CloudOfAnother.Stream}",
        "--Delivery:DeliverEvery=00:00:00.020", "--Telemetry:Enabled=false", .. more,
    ];

    private string Environment(bool written = true)
    {
        if (written)
        {
            File.WriteAllText(_folder["token"], Token() + "\n");
        }

        return $"export AWS_WEB_IDENTITY_TOKEN_FILE={_folder["token"]} AWS_ROLE_ARN={PodRole}";
    }

    private static string Token()
    {
        return $"{Part("""{"alg":"RS256"}""")}.{Part("""{"iss":"https://oidc.example","aud":["sts.amazonaws.com"],"sub":"system:serviceaccount:default:beacon","exp":4102444800}""")}.c2ln";

        static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
    }
}
