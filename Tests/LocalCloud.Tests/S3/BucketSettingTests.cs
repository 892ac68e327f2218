using Amazon.S3;
using Amazon.S3.Model;
using LocalCloud.S3;
using Microsoft.Extensions.DependencyInjection;

namespace LocalCloud.Tests.S3;

public sealed class BucketSettingTests(SharedServer shared) : S3Fixture<SharedServer>(shared)
{
    [Fact]
    public async Task A_lifecycle_comes_back_as_it_was_put()
    {
        await S3.PutLifecycleConfigurationAsync(Bucket, new LifecycleConfiguration
        {
            Rules =
            [
                new LifecycleRule
                {
                    Id = "colder", Status = LifecycleRuleStatus.Enabled,
                    Filter = new LifecycleFilter { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = "events/" } },
                    Transitions = [new LifecycleTransition { Days = 30, StorageClass = S3StorageClass.StandardInfrequentAccess }],
                    Expiration = new LifecycleRuleExpiration { Days = 400 },
                },
            ],
        });

        var rule = (await S3.GetLifecycleConfigurationAsync(Bucket)).Configuration.Rules.Single();

        Assert.Equal(("colder", 400, 30), (rule.Id, rule.Expiration.Days, rule.Transitions.Single().Days));
        await S3.DeleteLifecycleConfigurationAsync(Bucket);
        await AssertMissingAsync("lifecycle", "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist");
    }

    [Fact]
    public async Task A_policy_is_JSON()
    {
        const string policy = """{"Version":"2012-10-17","Statement":[]}""";
        await S3.PutBucketPolicyAsync(Bucket, policy);
        Assert.Equal(policy, (await S3.GetBucketPolicyAsync(Bucket)).Policy);
        Assert.Equal(("MalformedPolicy", 400), await ErrorAsync(() => S3.PutBucketPolicyAsync(Bucket, "<Policy/>")));
        await S3.DeleteBucketPolicyAsync(Bucket);
        Assert.Equal(("NoSuchBucketPolicy", 404), await RawErrorAsync("policy"));
    }

    [Fact]
    public async Task A_new_bucket_blocks_public_access_and_is_encrypted()
    {
        var block = await S3.GetPublicAccessBlockAsync(new GetPublicAccessBlockRequest { BucketName = Bucket });
        Assert.True(block.PublicAccessBlockConfiguration.BlockPublicPolicy);

        var encryption = await S3.GetBucketEncryptionAsync(new GetBucketEncryptionRequest { BucketName = Bucket });
        Assert.Equal("AES256", encryption.ServerSideEncryptionConfiguration.ServerSideEncryptionRules.Single().ServerSideEncryptionByDefault.ServerSideEncryptionAlgorithm.Value);

        await S3.DeletePublicAccessBlockAsync(new DeletePublicAccessBlockRequest { BucketName = Bucket });
        await AssertMissingAsync("publicAccessBlock", "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found");
    }

    [Fact]
    public async Task Tags_and_versioning_are_kept_over_a_restart()
    {
        await S3.PutBucketTaggingAsync(Bucket, [new Tag { Key = "app", Value = "pixel" }]);
        await S3.PutBucketVersioningAsync(new PutBucketVersioningRequest { BucketName = Bucket, VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled } });
        await Server.RestartAsync();

        var s3 = Server.S3();
        Assert.Equal("pixel", (await s3.GetBucketTaggingAsync(new GetBucketTaggingRequest { BucketName = Bucket })).TagSet.Single().Value);
        Assert.Equal(VersionStatus.Enabled, (await s3.GetBucketVersioningAsync(Bucket)).VersioningConfig.Status);
    }

    [Theory]
    [InlineData("tagging", "NoSuchTagSet", "The TagSet does not exist")]
    [InlineData("cors", "NoSuchCORSConfiguration", "The CORS configuration does not exist")]
    [InlineData("website", "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")]
    [InlineData("replication", "ReplicationConfigurationNotFoundError", "The replication configuration was not found")]
    public async Task What_was_never_put_is_said_to_be_missing(string setting, string code, string message) => await AssertMissingAsync(setting, code, message);

    [Fact]
    public async Task XML_that_is_not_the_settings_is_malformed()
    {
        foreach (var body in (string[])["<Other/>", "<LifecycleConfiguration>", "text"])
        {
            using var response = await Server.Http().PutAsync($"/{Bucket}?lifecycle", new StringContent(body));
            Assert.Contains("<Code>MalformedXML</Code>", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task What_a_template_puts_is_what_a_client_gets()
    {
        Server.Services.GetRequiredService<BucketSettings>().Put(
            Bucket, "versioning", "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>");
        Assert.Equal("Suspended", (await S3.GetBucketVersioningAsync(Bucket)).VersioningConfig.Status.Value);
    }

    private async Task AssertMissingAsync(string setting, string code, string message)
    {
        using var response = await Server.Http().GetAsync($"/{Bucket}?{setting}");
        Assert.Equal(404, (int)response.StatusCode);
        Assert.Contains($"<Error><Code>{code}</Code><Message>{message}</Message><BucketName>{Bucket}</BucketName>", await response.Content.ReadAsStringAsync());
    }

    private async Task<(string Code, int Status)> RawErrorAsync(string setting)
    {
        using var response = await Server.Http().GetAsync($"/{Bucket}?{setting}");
        return (System.Xml.Linq.XElement.Parse(await response.Content.ReadAsStringAsync()).Element("Code")!.Value, (int)response.StatusCode);
    }
}
