using Amazon;
using Amazon.Athena;
using Amazon.Extensions.NETCore.Setup;
using Amazon.Glue;
using Amazon.Glue.Model;
using Amazon.KinesisFirehose;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Microsoft.Extensions.DependencyInjection;

namespace StandIns.Tests;

public sealed class EndpointTests
{
    [Theory]
    [InlineData("us-east-1", "https://firehose.us-east-1.amazonaws.com")]
    [InlineData("eu-central-1", "https://firehose.eu-central-1.amazonaws.com")]
    [InlineData("cn-north-1", "https://firehose.cn-north-1.amazonaws.com.cn")]
    public void A_region_has_the_endpoint_of_its_partition(string region, string url)
        => Assert.Equal(url, Url(new AmazonKinesisFirehoseConfig { RegionEndpoint = RegionEndpoint.GetBySystemName(region) }));

    [Fact]
    public void Fips_and_dual_stack_have_endpoints_of_their_own()
    {
        Assert.Equal("https://glue-fips.us-east-1.amazonaws.com", Url(new AmazonGlueConfig { RegionEndpoint = RegionEndpoint.USEast1, UseFIPSEndpoint = true }));
        Assert.Equal("https://athena.us-east-1.api.aws", Url(new AmazonAthenaConfig { RegionEndpoint = RegionEndpoint.USEast1, UseDualstackEndpoint = true }));
    }

    [Fact]
    public async Task The_service_variable_names_the_endpoint_and_a_configured_url_beats_it()
    {
        await using var named = await RecordingServer.StartAsync();
        await using var configured = await RecordingServer.StartAsync();
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_FIREHOSE", named.Url);
        try
        {
            using var byVariable = new AmazonKinesisFirehoseClient("key", "secret", new AmazonKinesisFirehoseConfig { AuthenticationRegion = "eu-west-1" });
            using var byUrl = configured.Firehose();

            await byVariable.ListDeliveryStreamsAsync();
            await byUrl.ListDeliveryStreamsAsync();
        }
        finally
        {
            Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_FIREHOSE", null);
        }

        Assert.Contains("/eu-west-1/firehose/", named.Request.Headers["Authorization"], StringComparison.Ordinal);
        Assert.Single(configured.Requests);
    }

    [Fact]
    public async Task AddAWSService_makes_the_client()
    {
        await using var server = await RecordingServer.StartAsync();
        var services = new ServiceCollection();
        var options = new AWSOptions { Credentials = new BasicAWSCredentials("key", "secret") };
        options.DefaultClientConfig.ServiceURL = server.Url;
        options.DefaultClientConfig.AuthenticationRegion = "eu-west-1";
        services.AddDefaultAWSOptions(options);
        services.AddAWSService<IAmazonGlue>();
        services.AddAWSService<IAmazonAthena>();
        services.AddAWSService<IAmazonKinesisFirehose>();
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<IAmazonGlue>().GetDatabasesAsync(new GetDatabasesRequest());
        await provider.GetRequiredService<IAmazonAthena>().ListWorkGroupsAsync(new Amazon.Athena.Model.ListWorkGroupsRequest());
        await provider.GetRequiredService<IAmazonKinesisFirehose>().ListDeliveryStreamsAsync();

        Assert.Equal(
            ["AWSGlue.GetDatabases", "AmazonAthena.ListWorkGroups", "Firehose_20150804.ListDeliveryStreams"],
            server.Requests.Select(r => r.Headers["X-Amz-Target"]));
    }

    private static string Url(ClientConfig config)
        => config.DetermineServiceOperationEndpoint(new ServiceOperationEndpointParameters(new GetTableRequest())).URL;
}
