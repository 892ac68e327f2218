using System.Collections.Concurrent;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SecurityToken;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ServiceDefaults.Tests;

public sealed class AwsClientTests
{
    [Fact]
    public async Task A_configured_endpoint_is_asked_with_the_configured_keys_and_region_and_by_path()
    {
        var requests = new ConcurrentQueue<(string Path, IHeaderDictionary Headers)>();
        await using var aws = await AwsAsync(requests);
        await using var services = Services(
            ("AWS:ServiceURL", aws.Urls.Single()), ("AWS:Region", "eu-west-1"),
            ("AWS:AccessKey", "id"), ("AWS:SecretKey", "secret"), ("AWS:SessionToken", "token"));

        await services.GetRequiredService<IAmazonS3>().ListObjectsV2Async(new ListObjectsV2Request { BucketName = "lake" });

        var (path, headers) = requests.Single();
        Assert.Equal("/lake", path.TrimEnd('/'));
        Assert.Contains("Credential=id/", headers.Authorization.ToString(), StringComparison.Ordinal);
        Assert.Contains("/eu-west-1/s3/", headers.Authorization.ToString(), StringComparison.Ordinal);
        Assert.Equal("token", headers["X-Amz-Security-Token"]);
    }

    [Fact]
    public void On_aws_a_client_has_the_configured_region_and_no_endpoint_of_its_own()
    {
        using var services = Services(("AWS:Region", "eu-west-1"));

        var client = services.GetRequiredService<IAmazonSecurityTokenService>();

        Assert.Equal("eu-west-1", client.Config.RegionEndpoint.SystemName);
        Assert.True(string.IsNullOrEmpty(client.Config.ServiceURL));
        Assert.True(string.IsNullOrEmpty(client.Config.AuthenticationRegion));
    }

    [Fact]
    public void A_client_is_shared_and_can_have_settings_of_its_own()
    {
        var collection = Collection(("AWS:ServiceURL", "http://127.0.0.1:1"));
        collection.AddAwsClient<IAmazonS3>(config => config.MaxErrorRetry = 7);
        using var services = collection.BuildServiceProvider();

        Assert.Same(services.GetRequiredService<IAmazonS3>(), services.GetRequiredService<IAmazonS3>());
        Assert.Equal(7, services.GetRequiredService<IAmazonS3>().Config.MaxErrorRetry);
    }

    [Fact]
    public void A_service_can_live_apart_from_the_others()
    {
        using var services = Services(
            ("AWS:ServiceURL", "http://127.0.0.1:1"), ("AWS:Endpoints:S3", "http://127.0.0.1:2"), ("AWS:Region", "eu-west-1"));

        var s3 = services.GetRequiredService<IAmazonS3>().Config;
        var sts = services.GetRequiredService<IAmazonSecurityTokenService>().Config;

        Assert.Equal("http://127.0.0.1:2", s3.ServiceURL.TrimEnd('/'));
        Assert.Equal("eu-west-1", s3.AuthenticationRegion);
        Assert.Equal("http://127.0.0.1:1", sts.ServiceURL.TrimEnd('/'));
    }

    [Fact]
    public void A_profile_is_the_one_that_the_client_takes_its_credentials_from()
    {
        using var services = Services(("AWS:Profile", "team"));

        Assert.Equal("team", services.GetRequiredService<IAmazonS3>().Config.Profile?.Name);
    }

    [Theory]
    [InlineData("AWS:Endpoints:Glue", "localhost:4566")]
    [InlineData("AWS:Region", "EU West")]
    [InlineData("AWS:ServiceURL", "localhost:4566")]
    [InlineData("AWS:ServiceURL", "ftp://localhost")]
    [InlineData("AWS:AccessKey", "id")]
    [InlineData("AWS:SecretKey", "very-secret")]
    [InlineData("AWS:SessionToken", "very-secret")]
    public void A_wrong_setting_is_named_and_no_secret_is_shown(string key, string value)
    {
        using var services = Services((key, value));

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<AwsOptions>>().Value);

        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", error.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(params (string, string?)[] settings)
        => Collection(settings).AddAwsClient<IAmazonS3>().AddAwsClient<IAmazonSecurityTokenService>().BuildServiceProvider();

    private static ServiceCollection Collection(params (string Key, string? Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).Build());
        return services;
    }

    private static async Task<WebApplication> AwsAsync(ConcurrentQueue<(string, IHeaderDictionary)> requests)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context =>
        {
            requests.Enqueue((context.Request.Path, new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase))));
            return context.Response.WriteAsync("""<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>lake</Name><KeyCount>0</KeyCount></ListBucketResult>""");
        });
        await app.StartAsync();
        return app;
    }
}
