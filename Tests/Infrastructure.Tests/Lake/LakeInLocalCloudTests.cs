using Amazon.Athena;
using Amazon.Glue;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Amazon.S3.Model;
using Infrastructure.Lake;
using LocalCloud.Templates;
using LocalCloud.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Infrastructure.Tests.Lake;

/// <summary>The committed template, created by a real LocalCloud and looked at through the AWS clients.</summary>
public sealed class LakeInLocalCloudTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_resource_answers_by_the_name_that_the_outputs_give()
    {
        await using var cloud = await StartAsync(("BucketName", "pixel-lake"));
        var outputs = cloud.Services.GetRequiredService<StackOutputs>().Of(PixelLakeStack.DefaultName);

        Assert.Equal("pixel-lake", outputs["LakeBucketName"]);
        await cloud.S3().GetBucketLocationAsync(outputs["LakeBucketName"], Cancellation);

        var table = await TableAsync(cloud, outputs);
        Assert.Equal(CommittedTemplate.Schema.Columns.Select(column => column.Name), table.StorageDescriptor.Columns.Select(column => column.Name));
        Assert.Equal("s3://pixel-lake/events/", table.StorageDescriptor.Location);

        var destination = await DestinationAsync(cloud, outputs);
        Assert.Equal("arn:aws:s3:::pixel-lake", destination.BucketARN);
        Assert.Equal(LakeParameters.HivePrefix, destination.Prefix);
        Assert.Equal(15, destination.BufferingHints.IntervalInSeconds);

        var workgroup = await cloud.Client<AmazonAthenaClient, AmazonAthenaConfig>((keys, config) => new(keys, config))
            .GetWorkGroupAsync(new() { WorkGroup = outputs["WorkgroupName"] }, Cancellation);
        Assert.Equal("s3://pixel-lake/athena-results/", workgroup.WorkGroup.Configuration.ResultConfiguration.OutputLocation);
        Assert.True(workgroup.WorkGroup.Configuration.EnforceWorkGroupConfiguration);
    }

    [Fact]
    public async Task With_Parquet_Firehose_converts_by_the_table()
    {
        await using var cloud = await StartAsync();
        var outputs = cloud.Services.GetRequiredService<StackOutputs>().Of(PixelLakeStack.DefaultName);
        var conversion = (await DestinationAsync(cloud, outputs)).DataFormatConversionConfiguration;
        var table = await TableAsync(cloud, outputs);

        Assert.True(conversion.Enabled);
        Assert.Equal(outputs["TableName"], conversion.SchemaConfiguration.TableName);
        Assert.NotNull(conversion.OutputFormatConfiguration.Serializer.ParquetSerDe);
        Assert.Equal("org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe", table.StorageDescriptor.SerdeInfo.SerializationLibrary);
        Assert.Equal("parquet", table.Parameters["classification"]);
    }

    [Fact]
    public async Task What_waits_in_Firehose_is_encrypted()
    {
        await using var cloud = await StartAsync();
        var outputs = cloud.Services.GetRequiredService<StackOutputs>().Of(PixelLakeStack.DefaultName);
        var firehose = cloud.Client<AmazonKinesisFirehoseClient, AmazonKinesisFirehoseConfig>((keys, config) => new(keys, config));

        var stream = (await firehose.DescribeDeliveryStreamAsync(
            new DescribeDeliveryStreamRequest { DeliveryStreamName = outputs["EventStreamName"] }, Cancellation)).DeliveryStreamDescription;

        Assert.Equal(
            (DeliveryStreamEncryptionStatus.ENABLED, KeyType.AWS_OWNED_CMK),
            (stream.DeliveryStreamEncryptionConfiguration.Status, stream.DeliveryStreamEncryptionConfiguration.KeyType));
    }

    [Fact]
    public async Task With_json_Firehose_leaves_the_events_as_they_are()
    {
        await using var cloud = await StartAsync(("DataFormat", "json"), ("PartitionType", "int"));
        var outputs = cloud.Services.GetRequiredService<StackOutputs>().Of(PixelLakeStack.DefaultName);
        var destination = await DestinationAsync(cloud, outputs);
        var table = await TableAsync(cloud, outputs);

        Assert.NotEqual(true, destination.DataFormatConversionConfiguration?.Enabled);
        Assert.Equal("org.openx.data.jsonserde.JsonSerDe", table.StorageDescriptor.SerdeInfo.SerializationLibrary);
        Assert.All(table.PartitionKeys, key => Assert.Equal("int", key.Type));
        Assert.Equal("json", outputs["DataFormat"]);
        Assert.Equal("int", outputs["PartitionType"]);
    }

    [Theory]
    [InlineData(LakeParameters.HivePrefix, "events/", "hive")]
    [InlineData("events/", "events/", "dated")]
    [InlineData("raw/pixel/!{timestamp:yyyy/MM/dd/HH}/", "raw/pixel/", "dated")]
    public async Task The_prefix_tells_the_folder_and_the_layout_of_its_keys(string prefix, string folder, string layout)
    {
        await using var cloud = await StartAsync(("Prefix", prefix), ("BucketName", "lake"));
        var outputs = cloud.Services.GetRequiredService<StackOutputs>().Of(PixelLakeStack.DefaultName);

        Assert.Equal(folder, outputs["EventsPrefix"]);
        Assert.Equal(layout, outputs["KeyLayout"]);
        Assert.Equal($"s3://lake/{folder}", (await TableAsync(cloud, outputs)).StorageDescriptor.Location);
    }

    [Fact]
    public async Task Events_grow_cheaper_then_expire_and_everything_else_expires_sooner()
    {
        await using var cloud = await StartAsync(("BucketName", "lake"));
        var rules = (await cloud.S3().GetLifecycleConfigurationAsync("lake", Cancellation)).Configuration.Rules;

        Assert.Equal(
            """
            events 'events/' STANDARD_IA@30 GLACIER_IR@90 expire@730
            compacted 'compacted/' STANDARD_IA@30 GLACIER_IR@90 expire@730
            errors 'errors/' expire@30
            quarantine 'quarantine/' expire@30
            athena-results 'athena-results/' expire@1
            job-runs 'job_runs/' expire@400
            manifests 'catalog/manifests/closed/' expire@400
            unfinished-uploads '' abort@1
            """.ReplaceLineEndings("\n"),
            string.Join('\n', rules.Select(Told)));

        static string Told(LifecycleRule rule) => string.Join(' ',
        [
            rule.Id,
            $"'{(rule.Filter.LifecycleFilterPredicate as LifecyclePrefixPredicate)?.Prefix}'",
            .. (rule.Transitions ?? []).Select(to => $"{to.StorageClass}@{to.Days}"),
            .. rule.Expiration is { } expiration ? [$"expire@{expiration.Days}"] : Array.Empty<string>(),
            .. rule.AbortIncompleteMultipartUpload is { } abort ? [$"abort@{abort.DaysAfterInitiation}"] : Array.Empty<string>(),
        ]);
    }

    [Fact]
    public async Task Events_can_be_kept_for_ever()
    {
        await using var cloud = await StartAsync(("BucketName", "lake"), ("EventsExpireAfterDays", "0"));
        var rules = (await cloud.S3().GetLifecycleConfigurationAsync("lake", Cancellation)).Configuration.Rules;

        Assert.Null(rules.Single(rule => rule.Id == "events").Expiration);
    }

    [Fact]
    public async Task The_bucket_refuses_whoever_comes_without_TLS_and_the_public()
    {
        await using var cloud = await StartAsync(("BucketName", "lake"));
        var s3 = cloud.S3();

        Assert.Contains("\"arn:aws:s3:::lake/*\"", (await s3.GetBucketPolicyAsync("lake", Cancellation)).Policy);
        var access = (await s3.GetPublicAccessBlockAsync(new() { BucketName = "lake" }, Cancellation)).PublicAccessBlockConfiguration;
        Assert.True(access.BlockPublicAcls & access.BlockPublicPolicy & access.IgnorePublicAcls & access.RestrictPublicBuckets);
    }

    [Fact]
    public async Task With_a_key_of_ones_own_the_bucket_is_encrypted_with_it()
    {
        const string key = "arn:aws:kms:eu-central-1:123456789012:key/0d3f5c1e-1111-2222-3333-444455556666";
        await using var cloud = await StartAsync(("BucketName", "lake"), ("KeyArn", key));

        var rule = (await cloud.S3().GetBucketEncryptionAsync(new() { BucketName = "lake" }, Cancellation)).ServerSideEncryptionConfiguration.ServerSideEncryptionRules.Single();

        Assert.True(rule.BucketKeyEnabled);
        Assert.Equal(("aws:kms", key), (rule.ServerSideEncryptionByDefault.ServerSideEncryptionAlgorithm.Value, rule.ServerSideEncryptionByDefault.ServerSideEncryptionKeyManagementServiceKeyId));
    }

    [Theory]
    [InlineData("KeyArn", "alias/pixel")]
    [InlineData("BucketName", "Pixel_Lake")]
    [InlineData("DatabaseName", "pixel-db")]
    [InlineData("DataFormat", "csv")]
    [InlineData("PartitionType", "bigint")]
    [InlineData("Prefix", "events/!{timestamp:yyyy}/")]
    [InlineData("BufferSeconds", "901")]
    [InlineData("BufferMegabytes", "5")]
    [InlineData("LogRetentionDays", "8")]
    [InlineData("QueryScanLimitBytes", "1")]
    [InlineData("ProducerAccountIds", "12345678901")]
    [InlineData("ProducerAccountIds", "123456789012, 210987654321")]
    [InlineData("ProducerExternalId", "x")]
    public async Task A_value_that_would_fail_later_is_refused_at_once(string parameter, string value)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync((parameter, value)));

        Assert.StartsWith($"LocalCloud:Parameters:{parameter} ", refused.Message);
    }

    [Fact]
    public async Task A_role_for_other_accounts_beacons_is_there_only_where_accounts_are_named()
    {
        await using var alone = await StartAsync();
        await using var shared = await StartAsync(("ProducerAccountIds", "123456789012,210987654321"), ("ProducerExternalId", "edge-one"), ("AlarmEmail", "me@example.com"));

        Assert.DoesNotContain("ProducerRoleArn", alone.Services.GetRequiredService<StackOutputs>().Of(PixelLakeStack.DefaultName).Keys);
        Assert.Matches("^arn:aws:iam::000000000000:role/.+$", shared.Services.GetRequiredService<StackOutputs>().Of(PixelLakeStack.DefaultName)["ProducerRoleArn"]);
    }

    private static Task<LocalCloudServer> StartAsync(params (string Parameter, string Value)[] parameters)
    {
        var settings = parameters.ToDictionary(given => $"LocalCloud:Parameters:{given.Parameter}", given => (string?)given.Value);
        settings["LocalCloud:Template"] = LakeTemplate.DefaultPath;
        return LocalCloudServer.StartAsync(settings: settings);
    }

    private static async Task<Amazon.Glue.Model.Table> TableAsync(LocalCloudServer cloud, IReadOnlyDictionary<string, string> outputs)
    {
        var glue = cloud.Client<AmazonGlueClient, AmazonGlueConfig>((keys, config) => new(keys, config));
        return (await glue.GetTableAsync(new() { DatabaseName = outputs["DatabaseName"], Name = outputs["TableName"] }, Cancellation)).Table;
    }

    private static async Task<ExtendedS3DestinationDescription> DestinationAsync(
        LocalCloudServer cloud, IReadOnlyDictionary<string, string> outputs)
    {
        var firehose = cloud.Client<AmazonKinesisFirehoseClient, AmazonKinesisFirehoseConfig>((keys, config) => new(keys, config));
        var described = await firehose.DescribeDeliveryStreamAsync(
            new DescribeDeliveryStreamRequest { DeliveryStreamName = outputs["EventStreamName"] }, Cancellation);
        return described.DeliveryStreamDescription.Destinations.Single().ExtendedS3DestinationDescription;
    }
}
