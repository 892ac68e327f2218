using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Infrastructure.Lake;
using Pixel.Events;
using Pixel.Events.Lake;

namespace Infrastructure.Tests.Lake;

public sealed class LakeTemplateTests
{
    private static readonly JsonNode Table = CommittedTemplate.Properties("EventTable")["TableInput"]!;

    [Fact]
    public void The_table_has_the_columns_of_the_field_file()
    {
        var columns = Table["StorageDescriptor"]!["Columns"]!.AsArray()
            .Select(column => new EventColumn((string)column!["Name"]!, (string)column["Type"]!, (string)column["Comment"]!));

        Assert.True(
            CommittedTemplate.Schema.Columns.SequenceEqual(columns),
            $"The committed template does not have the columns of pixel.fields.json. Refresh it with: {LakeTemplate.RefreshCommand}");
    }

    [Fact]
    public void Columns_can_be_refreshed_without_synthesizing()
    {
        var stale = JsonNode.Parse(CommittedTemplate.Text)!;
        stale["Resources"]!["EventTable"]!["Properties"]!["TableInput"]!["StorageDescriptor"]!["Columns"] = new JsonArray();

        Assert.Equal(CommittedTemplate.Text, LakeTemplateText.WithColumns(stale.ToJsonString(), CommittedTemplate.Schema));
    }

    [Fact]
    public void The_table_is_partitioned_by_the_hour_of_arrival()
    {
        var keys = Table["PartitionKeys"]!.AsArray();

        Assert.Equal(EventSchema.PartitionColumnNames, keys.Select(key => (string)key!["Name"]!));
        Assert.All(keys, key => Assert.Equal("PartitionType", (string)key!["Type"]!["Ref"]!));
        Assert.DoesNotContain(CommittedTemplate.Objects(Table), one => one.Any(member => member.Key.StartsWith("projection.")));
    }

    [Fact]
    public void The_outputs_are_what_the_services_read() =>
        Assert.Equal(
            typeof(LakeOptions).GetProperties().Where(property => property.CanWrite).Select(property => property.Name).Order(),
            // What is there on a condition is for people, and for other stacks.
            CommittedTemplate.Root["Outputs"]!.AsObject().Where(output => output.Value!["Condition"] is null).Select(output => output.Key).Order());

    [Fact]
    public void The_defaults_are_what_the_services_expect()
    {
        var expected = new LakeOptions();

        Assert.Equal(expected.EventStreamName, Default("StreamName"));
        Assert.Equal(expected.DatabaseName, Default("DatabaseName"));
        Assert.Equal(expected.TableName, Default("TableName"));
        Assert.Equal(expected.WorkgroupName, Default("WorkgroupName"));
        Assert.Equal(expected.MaintenanceWorkgroupName, Default("MaintenanceWorkgroupName"));
        Assert.Equal(expected.DataFormat, Default("DataFormat"));
        Assert.Equal(expected.PartitionType, Default("PartitionType"));

        static string Default(string parameter) => (string)CommittedTemplate.Parameters[parameter]!["Default"]!;
    }

    [Fact]
    public void Every_parameter_says_what_it_is_for_and_has_a_default() =>
        Assert.All(CommittedTemplate.Parameters, parameter =>
        {
            Assert.NotEmpty((string)parameter.Value!["Description"]!);
            Assert.NotNull(parameter.Value!["Default"]);
        });

    [Theory]
    [InlineData("events/")]
    [InlineData("raw/pixel/")]
    [InlineData("events/!{timestamp:yyyy/MM/dd/HH}/")]
    [InlineData(LakeParameters.HivePrefix)]
    public void A_prefix_that_the_loader_can_read_back_is_taken(string prefix) => Assert.Matches(PrefixPattern(), prefix);

    [Theory]
    [InlineData("")]
    [InlineData("/events/")]
    [InlineData("events")]
    [InlineData("events/!{timestamp:yyyy}/")]
    [InlineData("events/dt=!{timestamp:yyyy-MM-dd}/")]
    [InlineData("events/!{partitionKeyFromQuery:tenant}/")]
    public void A_prefix_that_the_loader_cannot_read_back_is_refused(string prefix) => Assert.DoesNotMatch(PrefixPattern(), prefix);

    [Fact]
    public void Plain_CloudFormation_takes_the_template()
    {
        Assert.Null(CommittedTemplate.Root["Rules"]);
        Assert.Null(CommittedTemplate.Root["Transform"]);
        Assert.False(CommittedTemplate.Parameters.ContainsKey("BootstrapVersion"));
        Assert.All(CommittedTemplate.Root["Resources"]!.AsObject(), resource =>
        {
            Assert.NotEqual("AWS::CDK::Metadata", (string)resource.Value!["Type"]!);
            Assert.Null(resource.Value["Metadata"]);
        });
        // A role with a name of its own would ask whoever deploys for CAPABILITY_NAMED_IAM.
        Assert.Null(CommittedTemplate.Properties("DeliveryRole")["RoleName"]);
    }

    [Fact]
    public void Conditions_are_made_of_nothing_but_what_CloudFormation_documents_for_them()
    {
        string[] allowed = ["Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or", "Fn::FindInMap", "Condition", "Ref"];
        var expressions = CommittedTemplate.Root["Conditions"]!.AsObject().SelectMany(condition => CommittedTemplate.Objects(condition.Value!));

        Assert.All(expressions, expression => Assert.Contains(Assert.Single(expression).Key, allowed));
    }

    [Fact]
    public void Nothing_in_the_template_knows_an_account_or_a_region()
    {
        Assert.DoesNotMatch(@"\b\d{12}\b", Regex.Replace(CommittedTemplate.Text, @"""(Default|MaxValue)"": \d+", ""));
        Assert.DoesNotMatch(@"\b(us|eu|ap|sa|ca|me|af|il)-[a-z]+-\d\b", CommittedTemplate.Text);
        Assert.DoesNotContain("\"arn:aws:", CommittedTemplate.Text);
    }

    [Fact]
    public void What_is_allowed_is_allowed_on_named_resources_only()
    {
        var allowed = CommittedTemplate.Objects(CommittedTemplate.Root).Where(one => (string?)one["Effect"] == "Allow").ToList();

        Assert.Equal(9, allowed.Count);
        Assert.All(allowed, statement =>
        {
            Assert.All(Listed(statement["Action"]), action => Assert.DoesNotContain("*", (string)action!));
            Assert.DoesNotContain(Listed(statement["Resource"]), resource => resource!.ToJsonString() == "\"*\"");
            Assert.Null(statement["NotAction"]);
            Assert.Null(statement["NotResource"]);
            // Who may assume the role is said by the principal; what it may do, by the resource.
            Assert.True(
                statement["Resource"] is not null
                || (string?)statement["Principal"]?["Service"] == "firehose.amazonaws.com"
                || statement["Principal"]?["AWS"]?.ToJsonString() == """{"Fn::Split":[",",{"Ref":"ProducerAccountIds"}]}""");
        });

        static IEnumerable<JsonNode?> Listed(JsonNode? node) => node switch
        {
            null => [],
            JsonArray list => list,
            _ => new[] { node },
        };
    }

    [Fact]
    public void The_role_for_other_accounts_beacons_puts_into_this_stream_and_is_there_only_for_accounts_that_are_named()
    {
        var role = CommittedTemplate.Root["Resources"]!["ProducerRole"]!;
        var trust = Assert.Single(role["Properties"]!["AssumeRolePolicyDocument"]!["Statement"]!.AsArray())!;
        var policy = Assert.Single(Assert.Single(role["Properties"]!["Policies"]!.AsArray())!["PolicyDocument"]!["Statement"]!.AsArray())!;
        string[] conditional = ["AlarmTopic", "AlarmTopicPolicy", "UndeliveredAgeAlarm", "StreamThrottlesAlarm", "ProducerRole"];

        Assert.Equal("", (string)CommittedTemplate.Parameters["ProducerAccountIds"]!["Default"]!);
        Assert.Equal("""{"Fn::Not":[{"Fn::Equals":[{"Ref":"ProducerAccountIds"},""]}]}""", CommittedTemplate.Root["Conditions"]!["HasProducers"]!.ToJsonString());
        Assert.All(conditional, id => Assert.Equal("HasProducers", (string)CommittedTemplate.Root["Resources"]![id]!["Condition"]!));
        Assert.Equal("""{"Fn::And":[{"Condition":"HasProducers"},{"Condition":"HasAlarmEmail"}]}""", CommittedTemplate.Root["Conditions"]!["MailsAlarms"]!.ToJsonString());
        Assert.Equal("HasProducers", (string)CommittedTemplate.Root["Outputs"]!["ProducerRoleArn"]!["Condition"]!);
        Assert.Equal(("sts:AssumeRole", "firehose:PutRecordBatch"), ((string)trust["Action"]!, (string)policy["Action"]!));
        Assert.Equal("""{"Fn::GetAtt":["EventStream","Arn"]}""", policy["Resource"]!.ToJsonString());
        Assert.Equal(
            """{"Fn::If":["HasProducerId",{"StringEquals":{"sts:ExternalId":{"Ref":"ProducerExternalId"}}},{"Ref":"AWS::NoValue"}]}""", trust["Condition"]!.ToJsonString());
    }

    [Fact]
    public void CloudFormation_takes_it_without_a_bucket() => Assert.InRange(new FileInfo(LakeTemplate.CommittedPath()).Length, 1, 51_200);

    [Fact]
    public void The_bucket_is_private_encrypted_and_reached_by_TLS_only()
    {
        var bucket = CommittedTemplate.Properties("LakeBucket");
        var statement = CommittedTemplate.Properties("LakeBucketPolicy")["PolicyDocument"]!["Statement"]!.AsArray().Single()!;

        Assert.All(bucket["PublicAccessBlockConfiguration"]!.AsObject(), setting => Assert.True((bool)setting.Value!));
        Assert.Equal(4, bucket["PublicAccessBlockConfiguration"]!.AsObject().Count);
        Assert.Equal(
            "[\"HasKey\",\"aws:kms\",\"AES256\"]",
            bucket["BucketEncryption"]!["ServerSideEncryptionConfiguration"]![0]!["ServerSideEncryptionByDefault"]!["SSEAlgorithm"]!["Fn::If"]!.ToJsonString());
        Assert.Equal("Deny", (string)statement["Effect"]!);
        Assert.Equal("s3:*", (string)statement["Action"]!);
        Assert.Equal("false", (string)statement["Condition"]!["Bool"]!["aws:SecureTransport"]!);
    }

    [Fact]
    public void A_key_of_ones_own_encrypts_bucket_and_results_and_is_asked_seldom()
    {
        var rule = CommittedTemplate.Properties("LakeBucket")["BucketEncryption"]!["ServerSideEncryptionConfiguration"]![0]!;
        var key = CommittedTemplate.Objects(CommittedTemplate.Properties("DeliveryRole")).Single(one => (string?)one["PolicyName"] == "use-key");

        Assert.Equal("", (string)CommittedTemplate.Parameters["KeyArn"]!["Default"]!);
        Assert.True((bool)rule["BucketKeyEnabled"]!["Fn::If"]![1]!);
        Assert.Equal("KeyArn", (string)rule["ServerSideEncryptionByDefault"]!["KMSMasterKeyID"]!["Fn::If"]![1]!["Ref"]!);
        Assert.Equal("KeyArn", (string)key["PolicyDocument"]!["Statement"]![0]!["Resource"]!["Ref"]!);
        Assert.All(["Workgroup", "MaintenanceWorkgroup"], group => Assert.Equal(
            "SSE_KMS",
            (string)CommittedTemplate.Properties(group)["WorkGroupConfiguration"]!["ResultConfiguration"]!["EncryptionConfiguration"]!["EncryptionOption"]!["Fn::If"]![1]!));
    }

    [Fact]
    public void Deleting_the_stack_keeps_the_data()
    {
        var bucket = CommittedTemplate.Root["Resources"]!["LakeBucket"]!;

        Assert.Equal("RetainExceptOnCreate", (string)bucket["DeletionPolicy"]!);
        Assert.Equal("Retain", (string)bucket["UpdateReplacePolicy"]!);
    }

    private static string PrefixPattern() => (string)CommittedTemplate.Parameters["Prefix"]!["AllowedPattern"]!;
}
