using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Amazon.Athena;
using Amazon.Athena.Model;
using Amazon.Glue;
using Amazon.Glue.Model;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Amazon.S3;
using LocalCloud.Templates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LocalCloud.Tests.Templates;

/// <summary>A server that boots a template, stops, and boots it again, perhaps changed.</summary>
public sealed class StackBootTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("template-").FullName, "stack.json");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Fact]
    public async Task What_the_template_declares_is_there_before_the_first_request()
    {
        Write(Lake());
        await using var cloud = await StartAsync();

        Assert.Contains((await cloud.S3().ListBucketsAsync(Cancellation)).Buckets, bucket => bucket.BucketName == "lake");
        Assert.Equal("s3://lake/events/", (await TableAsync(cloud)).StorageDescriptor.Location);
        Assert.Equal(["id"], (await TableAsync(cloud)).StorageDescriptor.Columns.Select(column => column.Name));
    }

    [Fact]
    public async Task Its_outputs_are_answered_in_the_process_and_over_http()
    {
        Write(Lake());
        await using var cloud = await StartAsync();

        Assert.Equal("lake", cloud.Services.GetRequiredService<StackOutputs>().Of("Test")["Bucket"]);
        var outputs = (await cloud.Http().GetFromJsonAsync<Dictionary<string, string>>("/_localcloud/stacks/Test", Cancellation))!;
        Assert.Equal(new Dictionary<string, string> { ["Bucket"] = "lake", ["BucketArn"] = "arn:aws:s3:::lake" }, outputs);

        var stack = (await cloud.Http().GetFromJsonAsync<JsonArray>("/_localcloud/stacks", Cancellation))!.Single()!;
        Assert.Equal("Test", (string)stack["name"]!);
        Assert.Equal("lake", (string)stack["parameters"]!["BucketName"]!);
        Assert.Equal("lake", (string)stack["outputs"]!["Bucket"]!);
        Assert.Equal("AWS::Glue::Table", (string)stack["resources"]!["Events"]!["type"]!);
        Assert.Equal("OnPaper", (string)stack["resources"]!["Role"]!["place"]!);
    }

    [Fact]
    public async Task What_the_template_says_of_a_bucket_is_what_S3_answers()
    {
        Write("""
            {
              "Parameters": { "Days": { "Type": "Number", "Default": 90 } },
              "Resources": {
                "Lake": {
                  "Type": "AWS::S3::Bucket",
                  "Properties": {
                    "BucketName": "lake",
                    "BucketEncryption": { "ServerSideEncryptionConfiguration": [{ "ServerSideEncryptionByDefault": { "SSEAlgorithm": "AES256" } }] },
                    "PublicAccessBlockConfiguration": { "BlockPublicAcls": true, "BlockPublicPolicy": "true", "IgnorePublicAcls": true, "RestrictPublicBuckets": false },
                    "Tags": [{ "Key": "team", "Value": "pixel" }],
                    "LifecycleConfiguration": { "Rules": [
                      { "Id": "events", "Status": "Enabled", "Prefix": "events/", "ExpirationInDays": { "Ref": "Days" },
                        "Transitions": [{ "StorageClass": "GLACIER_IR", "TransitionInDays": "60" }] },
                      { "Status": "Enabled", "AbortIncompleteMultipartUpload": { "DaysAfterInitiation": 1 } }
                    ] }
                  }
                },
                "Policy": { "Type": "AWS::S3::BucketPolicy", "Properties": { "Bucket": { "Ref": "Lake" }, "PolicyDocument": { "Statement": [{ "Resource": { "Fn::GetAtt": ["Lake", "Arn"] } }] } } }
              }
            }
            """);
        await using var cloud = await StartAsync();
        var s3 = cloud.S3();

        var rules = (await s3.GetLifecycleConfigurationAsync("lake", Cancellation)).Configuration.Rules;
        Assert.Equal(("events", 90), (rules[0].Id, rules[0].Expiration.Days));
        Assert.Equal((60, S3StorageClass.GlacierInstantRetrieval), (rules[0].Transitions.Single().Days, rules[0].Transitions.Single().StorageClass));
        Assert.Equal(1, rules[1].AbortIncompleteMultipartUpload.DaysAfterInitiation);
        var access = (await s3.GetPublicAccessBlockAsync(new() { BucketName = "lake" }, Cancellation)).PublicAccessBlockConfiguration;
        Assert.Equal((true, false), (access.BlockPublicPolicy, access.RestrictPublicBuckets));
        Assert.Equal("pixel", (await s3.GetBucketTaggingAsync(new() { BucketName = "lake" }, Cancellation)).TagSet.Single().Value);
        Assert.Equal(
            """{"Statement":[{"Resource":"arn:aws:s3:::lake"}]}""", (await s3.GetBucketPolicyAsync("lake", Cancellation)).Policy);
    }

    [Theory]
    [InlineData("Nobody")]
    [InlineData("..%2F..%2Fsecret")]
    public async Task A_stack_that_is_not_there_is_not_found(string name)
    {
        await using var cloud = await LocalCloudServer.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await cloud.Http().GetAsync($"/_localcloud/stacks/{name}", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_restart_keeps_what_the_resources_hold()
    {
        Write(Lake());
        await using var cloud = await StartAsync();
        await cloud.S3().PutObjectAsync(new() { BucketName = "lake", Key = "events/1", ContentBody = "kept" }, Cancellation);
        await Glue(cloud).CreatePartitionAsync(
            new() { DatabaseName = "pixel", TableName = "events", PartitionInput = new() { Values = ["2026"], StorageDescriptor = new() } }, Cancellation);

        await cloud.RestartAsync();

        Assert.Single((await cloud.S3().ListObjectsV2Async(new() { BucketName = "lake" }, Cancellation)).S3Objects);
        Assert.Single((await Glue(cloud).GetPartitionsAsync(new() { DatabaseName = "pixel", TableName = "events" }, Cancellation)).Partitions);
        Assert.Equal("0", (await TableAsync(cloud)).VersionId);
    }

    [Fact]
    public async Task A_new_column_updates_the_table_and_keeps_its_partitions()
    {
        Write(Lake());
        await using var cloud = await StartAsync();
        await Glue(cloud).CreatePartitionAsync(
            new() { DatabaseName = "pixel", TableName = "events", PartitionInput = new() { Values = ["2026"], StorageDescriptor = new() } }, Cancellation);

        Write(Lake(columns: """{ "Name": "id", "Type": "string" }, { "Name": "campaign", "Type": "string" }"""));
        await cloud.RestartAsync();

        var table = await TableAsync(cloud);
        Assert.Equal(["id", "campaign"], table.StorageDescriptor.Columns.Select(column => column.Name));
        Assert.Equal("1", table.VersionId);
        Assert.Single((await Glue(cloud).GetPartitionsAsync(new() { DatabaseName = "pixel", TableName = "events" }, Cancellation)).Partitions);
    }

    [Fact]
    public async Task A_new_prefix_updates_the_stream_and_keeps_what_it_buffers()
    {
        Write(Stream("first/"));
        await using var cloud = await StartAsync();
        await Firehose(cloud).PutRecordAsync(
            new() { DeliveryStreamName = "events", Record = new() { Data = new MemoryStream("kept\n"u8.ToArray()) } }, Cancellation);

        Write(Stream("second/"));
        await cloud.RestartAsync();

        var stream = (await Firehose(cloud).DescribeDeliveryStreamAsync(new() { DeliveryStreamName = "events" }, Cancellation)).DeliveryStreamDescription;
        Assert.Equal("second/", stream.Destinations.Single().ExtendedS3DestinationDescription.Prefix);
        Assert.Equal("2", stream.VersionId);
        await cloud.Http().PostAsync("/_localcloud/flush", null, Cancellation);
        var delivered = Assert.Single((await cloud.S3().ListObjectsV2Async(new() { BucketName = "lake" }, Cancellation)).S3Objects);
        using var content = new StreamReader((await cloud.S3().GetObjectAsync("lake", delivered.Key, Cancellation)).ResponseStream);
        Assert.Equal("kept\n", await content.ReadToEndAsync(Cancellation));
    }

    [Fact]
    public async Task A_stream_is_encrypted_when_the_template_says_so_and_no_more_when_it_does_not()
    {
        Write(Stream("events/"));
        await using var cloud = await StartAsync();
        Assert.Equal(DeliveryStreamEncryptionStatus.DISABLED, await EncryptionAsync());

        Write(Stream("events/").Replace("\"DeliveryStreamName\"", "\"DeliveryStreamEncryptionConfigurationInput\": { \"KeyType\": \"AWS_OWNED_CMK\" }, \"DeliveryStreamName\"", StringComparison.Ordinal));
        await cloud.RestartAsync();
        Assert.Equal(DeliveryStreamEncryptionStatus.ENABLED, await EncryptionAsync());

        Write(Stream("events/"));
        await cloud.RestartAsync();
        Assert.Equal(DeliveryStreamEncryptionStatus.DISABLED, await EncryptionAsync());

        async Task<DeliveryStreamEncryptionStatus> EncryptionAsync() =>
            (await Firehose(cloud).DescribeDeliveryStreamAsync(new() { DeliveryStreamName = "events" }, Cancellation))
                .DeliveryStreamDescription.DeliveryStreamEncryptionConfiguration.Status;
    }

    [Fact]
    public async Task A_stream_that_no_longer_converts_is_updated_to_that()
    {
        const string Conversion = """
            , "DataFormatConversionConfiguration": {
                "SchemaConfiguration": { "DatabaseName": "pixel", "TableName": "events", "RoleARN": "arn:aws:iam::000000000000:role/r" },
                "InputFormatConfiguration": { "Deserializer": { "OpenXJsonSerDe": {} } },
                "OutputFormatConfiguration": { "Serializer": { "ParquetSerDe": {} } }
              }
            """;
        Write(Lake());
        await using var cloud = await StartAsync();
        Write(Stream("events/", Conversion));
        await cloud.RestartAsync();
        Assert.NotEqual(false, (await DestinationAsync(cloud)).DataFormatConversionConfiguration.Enabled);

        Write(Stream("events/"));
        await cloud.RestartAsync();

        Assert.False((await DestinationAsync(cloud)).DataFormatConversionConfiguration.Enabled);
    }

    [Fact]
    public async Task A_workgroup_becomes_what_the_template_says_now()
    {
        Write(Workgroup(""" "Description": "first", "State": "DISABLED", "WorkGroupConfiguration": { "BytesScannedCutoffPerQuery": "20000000", "ResultConfiguration": { "OutputLocation": "s3://lake/first/" } } """));
        await using var cloud = await StartAsync();
        var group = await WorkgroupAsync(cloud);
        Assert.Equal(("first", WorkGroupState.DISABLED), (group.Description, group.State));
        Assert.Equal((20_000_000, "s3://lake/first/"), (group.Configuration.BytesScannedCutoffPerQuery, group.Configuration.ResultConfiguration.OutputLocation));

        Write(Workgroup(""" "WorkGroupConfiguration": { "EnforceWorkGroupConfiguration": false, "ResultConfiguration": { "OutputLocation": "s3://lake/second/" } } """));
        await cloud.RestartAsync();

        group = await WorkgroupAsync(cloud);
        Assert.Equal(("", WorkGroupState.ENABLED), (group.Description ?? "", group.State));
        Assert.Equal((null, "s3://lake/second/"), (group.Configuration.BytesScannedCutoffPerQuery, group.Configuration.ResultConfiguration.OutputLocation));
        Assert.False(group.Configuration.EnforceWorkGroupConfiguration);

        static string Workgroup(string properties) =>
            $$"""{ "Resources": { "Group": { "Type": "AWS::Athena::WorkGroup", "Properties": { "Name": "pixel", {{properties}} } } } }""";
    }

    [Fact]
    public async Task What_somebody_changed_by_hand_stays_while_the_template_says_the_same()
    {
        Write(Lake());
        await using var cloud = await StartAsync();
        await Glue(cloud).UpdateTableAsync(
            new() { DatabaseName = "pixel", TableInput = new() { Name = "events", Description = "by hand" } }, Cancellation);

        await cloud.RestartAsync();

        Assert.Equal("by hand", (await TableAsync(cloud)).Description);
    }

    [Fact]
    public async Task What_somebody_deleted_is_created_again()
    {
        Write(Lake());
        await using var cloud = await StartAsync();
        await Glue(cloud).DeleteTableAsync(new() { DatabaseName = "pixel", Name = "events" }, Cancellation);

        await cloud.RestartAsync();

        Assert.Equal("events", (await TableAsync(cloud)).Name);
    }

    [Fact]
    public async Task What_the_template_no_longer_names_is_left_as_it_is()
    {
        Write(Lake());
        await using var cloud = await StartAsync();
        await cloud.S3().PutObjectAsync(new() { BucketName = "lake", Key = "events/1", ContentBody = "kept" }, Cancellation);

        Write("""{ "Resources": { "Other": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": "other" } } } }""");
        await cloud.RestartAsync();

        Assert.Single((await cloud.S3().ListObjectsV2Async(new() { BucketName = "lake" }, Cancellation)).S3Objects);
        Assert.Equal("events", (await TableAsync(cloud)).Name);
    }

    [Fact]
    public async Task A_bucket_without_a_name_keeps_the_one_that_was_made_up()
    {
        Write("""{ "Resources": { "Lake": { "Type": "AWS::S3::Bucket" } }, "Outputs": { "Name": { "Value": { "Ref": "Lake" } } } }""");
        await using var cloud = await StartAsync();
        var name = cloud.Services.GetRequiredService<StackOutputs>().Of("Test")["Name"];
        Assert.Matches("^test-lake-[a-z2-7]{12}$", name);

        await cloud.RestartAsync();

        Assert.Equal(name, (await cloud.S3().ListBucketsAsync(Cancellation)).Buckets.Single().BucketName);
    }

    [Fact]
    public async Task Only_the_listed_types_are_created_and_the_others_are_known_by_name()
    {
        Write(Lake());
        await using var cloud = await StartAsync(("LocalCloud:ResourceTypes", "AWS::Glue::*, AWS::Athena::*"));

        Assert.Empty((await cloud.S3().ListBucketsAsync(Cancellation)).Buckets ?? []);
        Assert.Equal("s3://lake/events/", (await TableAsync(cloud)).StorageDescriptor.Location);
        var stack = (await cloud.Http().GetFromJsonAsync<JsonArray>("/_localcloud/stacks", Cancellation))!.Single()!;
        Assert.Equal("Elsewhere", (string)stack["resources"]!["Lake"]!["place"]!);
    }

    [Fact]
    public async Task A_type_that_is_to_be_ignored_is_only_a_name()
    {
        Write("""
            {
              "Resources": { "Users": { "Type": "AWS::DynamoDB::Table" }, "Lake": { "Type": "AWS::S3::Bucket", "DependsOn": "Users" } },
              "Outputs": { "Users": { "Value": { "Ref": "Users" } } }
            }
            """);
        await using var cloud = await StartAsync(("LocalCloud:IgnoredResourceTypes", "AWS::DynamoDB::Table"));

        Assert.StartsWith("Test-Users-", cloud.Services.GetRequiredService<StackOutputs>().Of("Test")["Users"]);
    }

    [Fact]
    public async Task Alarms_and_their_topic_are_on_paper_and_a_topic_s_name_is_its_ARN()
    {
        Write("""
            {
              "Resources": {
                "Topic": { "Type": "AWS::SNS::Topic", "Properties": { "DisplayName": "Pixel" } },
                "Policy": { "Type": "AWS::SNS::TopicPolicy", "Properties": { "PolicyDocument": {}, "Topics": [{ "Ref": "Topic" }] } },
                "Mail": { "Type": "AWS::SNS::Subscription", "Properties": { "TopicArn": { "Ref": "Topic" }, "Protocol": "email", "Endpoint": "me@example.com" } },
                "Alarm": { "Type": "AWS::CloudWatch::Alarm", "Properties": { "AlarmActions": [{ "Ref": "Topic" }] } }
              },
              "Outputs": { "Topic": { "Value": { "Ref": "Topic" } }, "Alarm": { "Value": { "Fn::GetAtt": ["Alarm", "Arn"] } } }
            }
            """);
        await using var cloud = await StartAsync();
        var outputs = cloud.Services.GetRequiredService<StackOutputs>().Of("Test");

        Assert.StartsWith("arn:aws:sns:us-east-1:000000000000:Test-Topic-", outputs["Topic"]);
        Assert.StartsWith("arn:aws:cloudwatch:us-east-1:000000000000:alarm:Test-Alarm-", outputs["Alarm"]);
    }

    [Theory]
    [InlineData("Parameters:BucketName", "L", "LocalCloud:Parameters:BucketName must be a text that matches [a-z]+, not 'L'.")]
    [InlineData("Parameters:BuketName", "lake", "LocalCloud:Parameters:BuketName is not a parameter of the template, which has BucketName.")]
    [InlineData("ResourceTypes", "AWS::S3::Bucket,AWS::DynamoDB::Table", "LocalCloud:ResourceTypes names AWS::DynamoDB::Table, which LocalCloud does not have; it has *")]
    [InlineData("Template", "/nowhere.json", "LocalCloud:Template names '/nowhere.json', which is not there.")]
    [InlineData("StackName", "Pixel Lake", "LocalCloud:StackName must be letters, digits and hyphens, starting with a letter, at most 128.")]
    public async Task A_wrong_setting_stops_the_start_with_one_sentence(string setting, string value, string sentence)
    {
        Write(Lake());

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(($"LocalCloud:{setting}", value)));

        Assert.Contains(sentence.TrimEnd('*'), refused.Failures.Single());
    }

    [Theory]
    [InlineData("""{ "Resources": { "Users": { "Type": "AWS::DynamoDB::Table" } } }""", "Users.Type is AWS::DynamoDB::Table, which LocalCloud does not have; list it in LocalCloud:IgnoredResourceTypes to go on without it.")]
    [InlineData("""{ "Resources": { "Lake": { "Type": "AWS::S3::Bucket", "Properties": { "Name": "x" } } } }""", "Lake.Name is not supported; Lake takes *")]
    [InlineData("""{ "Resources": { "Lake": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": "X" } } } }""", "Lake (AWS::S3::Bucket) was refused with InvalidBucketName: *")]
    [InlineData("""{ "Resources": { "Lake": { "Type": "AWS::S3::Bucket" } }, "Outputs": { "O": { "Value": { "Ref": "Nobody" } } } }""", "Outputs.O refers to 'Nobody', which is neither a parameter nor a resource of the template.")]
    public async Task A_wrong_template_stops_the_start_with_one_sentence(string template, string sentence)
    {
        Write(template);

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync());

        Assert.StartsWith($"LocalCloud:Template '{_file}': {sentence.TrimEnd('*')}", refused.Failures.Single());
    }

    private static string Lake(string columns = """{ "Name": "id", "Type": "string" }""") => $$"""
        {
          "Parameters": { "BucketName": { "Type": "String", "Default": "lake", "AllowedPattern": "[a-z]+" } },
          "Resources": {
            "Events": {
              "Type": "AWS::Glue::Table",
              "Properties": {
                "CatalogId": { "Ref": "AWS::AccountId" },
                "DatabaseName": { "Ref": "Database" },
                "TableInput": {
                  "Name": "events",
                  "PartitionKeys": [{ "Name": "year", "Type": "string" }],
                  "StorageDescriptor": {
                    "Columns": [{{columns}}],
                    "Location": { "Fn::Sub": "s3://${Lake}/events/" }
                  }
                }
              }
            },
            "Database": {
              "Type": "AWS::Glue::Database",
              "Properties": { "CatalogId": { "Ref": "AWS::AccountId" }, "DatabaseInput": { "Name": "pixel" } }
            },
            "Role": { "Type": "AWS::IAM::Role", "Properties": { "AssumeRolePolicyDocument": {} } },
            "Lake": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": { "Ref": "BucketName" } } }
          },
          "Outputs": {
            "Bucket": { "Value": { "Ref": "Lake" } },
            "BucketArn": { "Value": { "Fn::GetAtt": ["Lake", "Arn"] } }
          }
        }
        """;

    private static string Stream(string prefix, string more = "") => $$"""
        {
          "Resources": {
            "Lake": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": "lake" } },
            "Events": {
              "Type": "AWS::KinesisFirehose::DeliveryStream",
              "Properties": {
                "DeliveryStreamName": "events",
                "ExtendedS3DestinationConfiguration": {
                  "BucketARN": { "Fn::GetAtt": ["Lake", "Arn"] },
                  "RoleARN": "arn:aws:iam::000000000000:role/r",
                  "Prefix": "{{prefix}}",
                  "BufferingHints": { "IntervalInSeconds": "900", "SizeInMBs": "64" }
                  {{more}}
                }
              }
            }
          }
        }
        """;

    private void Write(string template) => File.WriteAllText(_file, template);

    private Task<LocalCloudServer> StartAsync(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["LocalCloud:Template"] = _file, ["LocalCloud:StackName"] = "Test" };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return LocalCloudServer.StartAsync(settings: all);
    }

    private static AmazonKinesisFirehoseClient Firehose(LocalCloudServer cloud) =>
        cloud.Client<AmazonKinesisFirehoseClient, AmazonKinesisFirehoseConfig>((keys, config) => new(keys, config));

    private static async Task<ExtendedS3DestinationDescription> DestinationAsync(LocalCloudServer cloud) =>
        (await Firehose(cloud).DescribeDeliveryStreamAsync(new() { DeliveryStreamName = "events" }, Cancellation))
            .DeliveryStreamDescription.Destinations.Single().ExtendedS3DestinationDescription;

    private static async Task<WorkGroup> WorkgroupAsync(LocalCloudServer cloud) =>
        (await cloud.Client<AmazonAthenaClient, AmazonAthenaConfig>((keys, config) => new(keys, config))
            .GetWorkGroupAsync(new() { WorkGroup = "pixel" }, Cancellation)).WorkGroup;

    private static AmazonGlueClient Glue(LocalCloudServer cloud) =>
        cloud.Client<AmazonGlueClient, AmazonGlueConfig>((keys, config) => new(keys, config));

    private static async Task<Table> TableAsync(LocalCloudServer cloud) =>
        (await Glue(cloud).GetTableAsync(new() { DatabaseName = "pixel", Name = "events" }, Cancellation)).Table;
}
