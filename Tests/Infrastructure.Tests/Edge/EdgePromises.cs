using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Infrastructure.Edge;
using Infrastructure.Lake;
using Infrastructure.Tests.Lake;
using Infrastructure.Tests.Snapshots;

namespace Infrastructure.Tests.Edge;

/// <summary>What holds of the edge however requests are received.</summary>
/// <param name="synthesized">The templates.</param>
public abstract class EdgePromises(SynthesizedEdge synthesized)
{
    /// <summary>What CloudFormation takes without a bucket to put the template in (the quota "Template body size in a request").</summary>
    private const int MostBytes = 51_200;

    /// <summary>The templates.</summary>
    protected SynthesizedEdge Synthesized { get; } = synthesized;

    /// <summary>The edge's template.</summary>
    protected Template Edge => Synthesized.Edge;

    /// <summary>The pixel's address without a domain of one's own, in eu-central-1, as a pattern: what AWS gives looks like this.</summary>
    protected abstract string PixelUrl { get; }

    /// <summary>Whether this way can have a domain of one's own.</summary>
    private bool HasDomain => Edge.Parameters.ContainsKey("DomainName");

    [Fact]
    public void Every_parameter_says_what_it_is_for() =>
        Assert.All(Edge.Parameters, parameter => Assert.NotEmpty((string)parameter.Value!["Description"]!));

    [Fact]
    public void Plain_CloudFormation_takes_the_templates_without_bootstrap_and_without_named_roles() => Assert.All(Synthesized.Stacks, stack =>
    {
        var template = Synthesized.Of(stack);
        Assert.Null(template.Root["Rules"]);
        Assert.Null(template.Root["Transform"]);
        Assert.False(template.Parameters.ContainsKey("BootstrapVersion"));
        Assert.DoesNotContain("cdk-hnb659fds", template.Text);
        Assert.All(template.Resources, resource => Assert.DoesNotContain("CDK::Metadata", (string)resource.Value!["Type"]!));
        Assert.All(template.OfType("AWS::IAM::Role"), role => Assert.Null(role.Value["RoleName"]));
    });

    [Fact]
    public void The_templates_of_the_edge_are_small_enough_to_be_sent_as_they_are() => Assert.All(Synthesized.Stacks, stack =>
    {
        var template = Synthesized.Of(stack);
        Assert.True(template.Text.Length < MostBytes, $"{stack} has {template.Text.Length} bytes.");
    });

    [Fact]
    public async Task CloudFormation_s_own_schemas_find_nothing_wrong_with_the_templates()
    {
        _ = Edge;
        var found = await CfnLint.FindAsync(Synthesized.Stacks.Select(Synthesized.Of));

        Assert.SkipWhen(found is null, CfnLint.IsMissing);
        Assert.Equal("", found);
    }

    [Fact]
    public void Every_template_is_what_its_snapshot_says()
    {
        _ = Edge;
        // The lake's is compared as it is committed (SynthesisTests).
        Assert.All(Synthesized.Stacks.Where(stack => stack != PixelLakeStack.DefaultName), stack => Snapshot.AssertIs(stack, Synthesized.Options, Synthesized.Of(stack)));
    }

    [Fact]
    public async Task LocalCloud_s_loader_deploys_all_stacks_with_all_that_they_can_have()
    {
        _ = Edge;
        await using var stacks = await StacksInLocalCloud.StartAsync();
        var outputs = await stacks.DeployAsync(Synthesized, StacksInLocalCloud.Everything);

        Assert.Equal("pixel-lake", outputs["LakeBucketName"]);
        Assert.Matches(HasDomain ? @"^https://px\.example\.com/trackingpixel$" : PixelUrl, outputs["PixelUrl"]);
        // The jobs' failures, in a queue that the worker's stack made.
        await stacks.Sqs.SendMessageAsync(outputs["FailedRunsUrl"], "a run", TestContext.Current.CancellationToken);
        Assert.Single((await stacks.Sqs.ReceiveMessageAsync(outputs["FailedRunsUrl"], TestContext.Current.CancellationToken)).Messages);
    }

    [Fact]
    public async Task LocalCloud_s_loader_updates_the_stacks_says_which_outputs_lead_nowhere_and_deletes_them()
    {
        _ = Edge;
        await using var stacks = await StacksInLocalCloud.StartAsync();
        await stacks.DeployAsync(Synthesized, StacksInLocalCloud.Everything);

        // Without what was optional.
        var outputs = await stacks.DeployAsync(Synthesized, new Dictionary<string, string>());

        Assert.Matches(PixelUrl, outputs["PixelUrl"]);
        var listed = (await stacks.Cloud.Http().GetFromJsonAsync<JsonArray>("/_localcloud/stacks", TestContext.Current.CancellationToken))!;
        var edge = listed.Single(stack => (string)stack!["name"]! == PixelEdgeStack.DefaultName)!;
        Assert.Contains("PixelUrl", edge["outputsOnPaper"]!.AsArray().Select(output => (string)output!));
        Assert.DoesNotContain("OverflowQueueUrl", edge["outputsOnPaper"]!.AsArray().Select(output => (string)output!));
        Assert.Contains("AWS::SNS::Topic", edge["typesOnPaper"]!.AsArray().Select(type => (string)type!));

        await stacks.DeleteAsync(Synthesized);
        Assert.Empty((await stacks.Sqs.ListQueuesAsync(new Amazon.SQS.Model.ListQueuesRequest(), TestContext.Current.CancellationToken)).QueueUrls ?? []);
        // The lakes' buckets are kept with their data.
        Assert.Equal(2, (await stacks.Cloud.S3().ListBucketsAsync(TestContext.Current.CancellationToken)).Buckets.Count);
    }

    [Fact]
    public void Nothing_knows_an_account() => Assert.All(Synthesized.Stacks, stack =>
        // The layers of the web adapter are published by this account of AWS.
        Assert.DoesNotMatch(@"\b\d{12}\b", Regex.Replace(Synthesized.Of(stack).Text.Replace("753240598075", ""), @"""(Default|MaxValue)"": ?\d+", "")));

    [Fact]
    public void Nothing_may_do_everything_or_do_it_to_everything() => Assert.All(Synthesized.Stacks, stack =>
        Assert.All(Synthesized.Of(stack).Allowed(), statement =>
        {
            Assert.All(Template.Listed(statement["Action"]), action => Assert.DoesNotContain("*", (string)action!));
            Assert.Null(statement["NotAction"]);
            Assert.Null(statement["NotResource"]);
            Assert.DoesNotContain(Template.Listed(statement["Resource"]), resource => resource!.ToJsonString() == "\"*\"" && !MayBeAnything(statement));
        }));

    [Fact]
    public void Logs_are_kept_for_a_week_at_most()
    {
        Assert.Equal(["1", "3", "5", "7"], Edge.Parameters["LogRetentionDays"]!["AllowedValues"]!.AsArray().Select(days => (string)days!));
        Assert.NotEmpty(Edge.OfType("AWS::Logs::LogGroup"));
        Assert.All(Edge.OfType("AWS::Logs::LogGroup"), log => Assert.Equal("LogRetentionDays", (string)log.Value["RetentionInDays"]!["Ref"]!));
    }

    [Fact]
    public void Every_alarm_tells_when_it_begins_and_when_it_ends()
    {
        var alarms = Edge.OfType("AWS::CloudWatch::Alarm");

        Assert.Contains("UndeliveredAgeAlarm", alarms.Keys);
        Assert.All(alarms, alarm =>
        {
            Assert.Equal("AlarmTopic", (string)Assert.Single(alarm.Value["AlarmActions"]!.AsArray())!["Ref"]!);
            Assert.Equal("AlarmTopic", (string)Assert.Single(alarm.Value["OKActions"]!.AsArray())!["Ref"]!);
            Assert.NotEmpty((string)alarm.Value["AlarmDescription"]!);
        });
    }

    [Fact]
    public void The_dashboard_is_readable_and_shows_this_region()
    {
        var body = Edge.Properties("Dashboard")["DashboardBody"]!["Fn::Sub"]!;
        var more = Template.Chosen(body[1]!["More"]!, "StreamIsHere")!["Fn::Sub"]!;
        var (with, without) = (Widgets((string)more[0]!), Widgets(""));

        Assert.True(without.Count >= 2);
        Assert.Equal(without.Count + 2, with.Count);
        Assert.All(with, widget => Assert.Equal("${AWS::Region}", (string)widget!["properties"]!["region"]!));
        Assert.Equal(with.Count, with.Select(widget => ((int)widget!["x"]!, (int)widget["y"]!)).Distinct().Count());
        Assert.Equal("HasDashboard", (string)Edge.Resources["Dashboard"]!["Condition"]!);
        Assert.Equal("yes", (string)Edge.Parameters["WithDashboard"]!["Default"]!);

        JsonArray Widgets(string those) => JsonNode.Parse(((string)body[0]!).Replace("${More}", those, StringComparison.Ordinal))!["widgets"]!.AsArray();
    }

    [Fact]
    public void What_can_have_tags_says_what_it_belongs_to()
    {
        foreach (var (id, resource) in Edge.Resources.Where(r => (string)r.Value!["Type"]! is
            "AWS::Lambda::Function" or "AWS::SQS::Queue" or "AWS::IAM::Role" or "AWS::Logs::LogGroup" or "AWS::SNS::Topic" or "AWS::CloudFront::Distribution" or "AWS::ECS::Service"))
        {
            Assert.True(
                resource!["Properties"]!["Tags"]?.AsArray().Any(tag => (string)tag!["Key"]! == "application" && (string)tag["Value"]! == "pixelaspire"),
                $"{id} has no tag.");
        }
    }

    [Fact]
    public void Where_the_stream_is_in_another_account_the_beacon_may_assume_the_role_that_puts_and_puts_nothing_itself()
    {
        var role = Assert.Single(Edge.StatementsOf("BeaconRole", "StreamIsElsewhere"), s => s["Action"]!.ToJsonString().Contains("sts:", StringComparison.Ordinal));

        Assert.Equal(("sts:AssumeRole", """{"Ref":"ProducerRoleArn"}"""), ((string)role["Action"]!, role["Resource"]!.ToJsonString()));
        Assert.DoesNotContain("firehose:PutRecordBatch", Edge.ActionsOf("BeaconRole", "StreamIsElsewhere"));
        Assert.DoesNotContain("sts:AssumeRole", Edge.ActionsOf("BeaconRole", "StreamIsHere"));
        Assert.Equal("""{"Fn::Not":[{"Fn::Equals":[{"Ref":"ProducerRoleArn"},""]}]}""", Edge.Root["Conditions"]!["StreamIsElsewhere"]!.ToJsonString());
        Assert.Equal("", (string)Edge.Parameters["ProducerRoleArn"]!["Default"]!);
        Assert.Equal(("""{"Ref":"ProducerRoleArn"}""", """{"Ref":"ProducerExternalId"}"""), (BeaconSettings["Delivery__RoleArn"], BeaconSettings["Delivery__RoleExternalId"]));
    }

    [Fact]
    public void The_stream_is_watched_only_where_its_metrics_can_be_seen()
    {
        var more = Edge.Properties("Dashboard")["DashboardBody"]!["Fn::Sub"]![1]!["More"]!;

        Assert.All(["UndeliveredAgeAlarm", "StreamThrottlesAlarm"], alarm => Assert.Equal("StreamIsHere", (string)Edge.Resources[alarm]!["Condition"]!));
        Assert.Equal("""{"Fn::Equals":[{"Ref":"ProducerRoleArn"},""]}""", Edge.Root["Conditions"]!["StreamIsHere"]!.ToJsonString());
        Assert.Contains("AWS/Firehose", Template.Chosen(more, "StreamIsHere")!.ToJsonString());
        Assert.Equal("", (string)Template.Chosen(more)!);
        Assert.DoesNotContain("AWS/Firehose", (string)Edge.Properties("Dashboard")["DashboardBody"]!["Fn::Sub"]![0]!);
    }

    /// <summary>The beacon's environment.</summary>
    protected abstract Dictionary<string, string> BeaconSettings { get; }

    [Fact]
    public void The_address_of_the_pixel_is_an_output() =>
        Assert.Contains("trackingpixel", Edge.Outputs["PixelUrl"]!["Value"]!.ToJsonString());

    [Fact]
    public void Alarms_tell_nobody_else_than_who_is_subscribed()
    {
        var statements = Edge.Properties("AlarmTopicPolicy")["PolicyDocument"]!["Statement"]!.AsArray();
        var statement = Assert.Single(statements, one => (string)one!["Effect"]! == "Allow")!;
        var refused = Assert.Single(statements, one => (string)one!["Effect"]! == "Deny")!;

        Assert.Equal(("sns:Publish", "false"), ((string)refused["Action"]!, (string)refused["Condition"]!["Bool"]!["aws:SecureTransport"]!));
        Assert.Equal("cloudwatch.amazonaws.com", (string)statement["Principal"]!["Service"]!);
        Assert.Equal("AWS::AccountId", (string)statement["Condition"]!["StringEquals"]!["aws:SourceAccount"]!["Ref"]!);
        Assert.Equal("HasAlarmEmail", (string)Edge.Resources["AlarmSubscription"]!["Condition"]!);
    }

    /// <summary>The one action in these templates that AWS knows no resource for.</summary>
    private static bool MayBeAnything(JsonObject statement) =>
        Template.Listed(statement["Action"]).All(action => (string)action! is "ecr:GetAuthorizationToken");
}

/// <summary>What holds of a beacon in Lambda, whatever stands before it.</summary>
/// <param name="synthesized">The templates.</param>
public abstract class BeaconFunctionPromises(SynthesizedEdge synthesized) : EdgePromises(synthesized)
{
    /// <inheritdoc/>
    protected override Dictionary<string, string> BeaconSettings => Edge.EnvironmentOf("Beacon");

    [Fact]
    public async Task The_beacon_calls_all_that_its_role_allows_and_nothing_else()
    {
        var calls = await BeaconCalls.SeeAsync(BeaconSettings);

        Assert.Equal("", BeaconCalls.Compare(Edge.StatementsOf("BeaconRole"), calls.Own));
        Assert.Empty(calls.AsRole);
        Assert.Contains(calls.Own, call => call.Action == "sqs:SendMessage");
    }

    [Fact]
    public async Task Where_the_lake_is_in_another_account_it_calls_all_that_its_two_roles_allow_and_nothing_else()
    {
        var calls = await BeaconCalls.SeeAsync(BeaconSettings, BeaconCalls.ProducerRole);

        Assert.Equal("", BeaconCalls.Compare(Edge.StatementsOf("BeaconRole", "StreamIsElsewhere"), calls.Own));
        Assert.Equal("", BeaconCalls.Compare(BeaconCalls.OfTheLake, calls.AsRole));
    }

    [Fact]
    public void A_worker_in_another_account_may_read_the_overflow_queue_and_nobody_else_may()
    {
        var statements = Edge.Properties("OverflowQueuePolicy")["PolicyDocument"]!["Statement"]!.AsArray().Select(s => Template.Chosen(s!, "WorkerIsElsewhere")!).ToList();
        var worker = Synthesized.Of(Infrastructure.Worker.PixelWorkerStack.DefaultName);
        var called = new[] { "RedriveQueue", "ErasureQueue" }
            .SelectMany(policy => worker.Properties(policy)["PolicyDocument"]!["Statement"]!.AsArray()).SelectMany(s => Template.Listed(s!["Action"])).Select(a => (string)a!);

        Assert.Equal(["Deny", "Allow"], statements.Select(s => (string)s["Effect"]!));
        Assert.Equal("""{"AWS":{"Ref":"WorkerAccountId"}}""", statements[1]["Principal"]!.ToJsonString());
        Assert.Equal(called.Order(), Template.Listed(statements[1]["Action"]).Select(a => (string)a!).Order());
        Assert.Equal("""{"Fn::GetAtt":["OverflowQueue","Arn"]}""", statements[1]["Resource"]!.ToJsonString());
        Assert.Equal("""{"Fn::Not":[{"Fn::Equals":[{"Ref":"WorkerAccountId"},""]}]}""", Edge.Root["Conditions"]!["WorkerIsElsewhere"]!.ToJsonString());
        Assert.DoesNotContain("WorkerAccountId", Edge.Properties("OverflowDeadLettersPolicy").ToJsonString());
    }

    [Fact]
    public void The_beacon_runs_as_it_is_behind_the_web_adapter()
    {
        var function = Edge.Properties("Beacon");
        var environment = Edge.EnvironmentOf("Beacon");

        Assert.Equal("provided.al2023", (string)function["Runtime"]!);
        Assert.Equal("bootstrap", (string)function["Handler"]!);
        Assert.Equal("arm64", (string)Assert.Single(function["Architectures"]!.AsArray())!);
        Assert.Contains(":layer:LambdaAdapterLayerArm64:", Assert.Single(function["Layers"]!.AsArray())!.ToJsonString());
        Assert.Equal("http://127.0.0.1:8080", environment["ASPNETCORE_URLS"]);
        Assert.Equal("/health", environment["AWS_LWA_READINESS_CHECK_PATH"]);
        // Its own 503 is an image for the visitor, and no failure of the function.
        Assert.DoesNotContain("AWS_LWA_ERROR_STATUS_CODES", environment.Keys);
    }

    [Fact]
    public void Lambda_writes_no_line_of_its_own_for_a_request_that_went_well()
    {
        var log = Edge.Properties("Beacon")["LoggingConfig"]!;

        Assert.Equal(("JSON", "WARN"), ((string)log["LogFormat"]!, (string)log["SystemLogLevel"]!));
        Assert.Null(log["ApplicationLogLevel"]);
    }

    [Fact]
    public void Its_package_comes_from_a_bucket_that_a_parameter_names()
    {
        var code = Edge.Properties("Beacon")["Code"]!;

        Assert.Equal("PackageBucket", (string)code["S3Bucket"]!["Ref"]!);
        Assert.Equal("PackageKey", (string)code["S3Key"]!["Ref"]!);
    }

    [Fact]
    public void An_event_is_in_Firehose_or_in_the_queue_before_the_answer_and_Lambda_waits_for_that()
    {
        var environment = Edge.EnvironmentOf("Beacon");
        var waits = TimeSpan.Parse(environment["Delivery__RequestTimeout"]) + TimeSpan.Parse(environment["Delivery__OverflowTimeout"]);
        var timeout = TimeSpan.FromSeconds((double)Edge.Properties("Beacon")["Timeout"]!);

        Assert.Equal("writethrough", environment["Delivery__Mode"]);
        Assert.Equal("{\"Ref\":\"OverflowQueue\"}", environment["Delivery__OverflowQueueUrl"]);
        Assert.Equal("{\"Ref\":\"EventStreamName\"}", environment["AWS__Resources__EventStreamName"]);
        Assert.True(timeout > waits && timeout < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void The_beacon_may_put_events_into_the_stream_and_the_queue_and_write_its_log()
    {
        Assert.Equal(
            ["logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage", "firehose:PutRecordBatch"],
            Edge.ActionsOf("BeaconRole"));
        Assert.Contains(Edge.StatementsOf("BeaconRole"), s => s["Resource"]!.ToJsonString().Contains("deliverystream/${Stream}", StringComparison.Ordinal));
        Assert.Contains(Edge.StatementsOf("BeaconRole"), s => s["Resource"]!.ToJsonString() == """{"Fn::GetAtt":["OverflowQueue","Arn"]}""");
    }

    [Fact]
    public async Task Made_by_LocalCloud_s_loader_the_overflow_queue_keeps_events_through_an_update_and_hands_on_what_fails()
    {
        _ = Edge;
        await using var stacks = await StacksInLocalCloud.StartAsync();
        var outputs = await stacks.DeployAsync(Synthesized, StacksInLocalCloud.Everything);
        var url = outputs["OverflowQueueUrl"];
        await stacks.Sqs.SendMessageAsync(url, "an event", TestContext.Current.CancellationToken);

        outputs = await stacks.DeployAsync(Synthesized, new Dictionary<string, string>());

        Assert.Equal(url, outputs["OverflowQueueUrl"]);
        Assert.Equal("an event", Assert.Single((await stacks.Sqs.ReceiveMessageAsync(url, TestContext.Current.CancellationToken)).Messages).Body);
        var attributes = (await stacks.Sqs.GetQueueAttributesAsync(url, ["All"], TestContext.Current.CancellationToken)).Attributes;
        Assert.Equal(outputs["OverflowQueueArn"], attributes["QueueArn"]);
        Assert.Equal(("1209600", "1048576"), (attributes["MessageRetentionPeriod"], attributes["MaximumMessageSize"]));
        Assert.Equal("false", (string)JsonNode.Parse(attributes["Policy"])!["Statement"]![0]!["Condition"]!["Bool"]!["aws:SecureTransport"]!);
        var deadLetters = (string)JsonNode.Parse(attributes["RedrivePolicy"])!["deadLetterTargetArn"]!;
        Assert.Equal(outputs["OverflowDeadLettersUrl"].Split('/')[^1], deadLetters.Split(':')[^1]);
    }

    [Fact]
    public void The_overflow_queue_takes_the_largest_event_and_keeps_it_for_two_weeks()
    {
        Assert.Equal(1_048_576, (int)Edge.Properties("OverflowQueue")["MaximumMessageSize"]!);
        Assert.All(Edge.OfType("AWS::SQS::Queue"), queue =>
        {
            Assert.Equal(1_209_600, (int)queue.Value["MessageRetentionPeriod"]!);
            Assert.True((bool)queue.Value["SqsManagedSseEnabled"]!);
            Assert.Null(queue.Value["FifoQueue"]);
        });
        Assert.Contains("OverflowDeadLetters", Edge.Properties("OverflowQueue")["RedrivePolicy"]!.ToJsonString());
    }

    [Fact]
    public void Queues_refuse_whoever_comes_without_TLS() => Assert.All(Edge.OfType("AWS::SQS::Queue").Keys, queue =>
    {
        var statement = Assert.Single(Edge.Properties($"{queue}Policy")["PolicyDocument"]!["Statement"]!.AsArray().Select(s => Template.Chosen(s!)).OfType<JsonNode>());
        Assert.Equal("Deny", (string)statement["Effect"]!);
        Assert.Equal("false", (string)statement["Condition"]!["Bool"]!["aws:SecureTransport"]!);
    });

    [Fact]
    public void It_is_told_when_the_beacon_fails_is_refused_or_cannot_keep_events() => Assert.Superset(
        new HashSet<string>(["BeaconErrorsAlarm", "BeaconThrottlesAlarm", "EventsNotKeptAlarm", "OverflowAgeAlarm", "OverflowDeadLettersAlarm", "StreamThrottlesAlarm"]),
        Edge.OfType("AWS::CloudWatch::Alarm").Keys.ToHashSet());

    [Fact]
    public void Its_copies_are_limited_only_where_whoever_deploys_says_so()
    {
        Assert.Equal("0", Edge.Parameters["BeaconMaxConcurrency"]!["Default"]!.ToJsonString());
        Assert.Equal(
            """{"Fn::If":["HasBeaconMaxConcurrency",{"Ref":"BeaconMaxConcurrency"},{"Ref":"AWS::NoValue"}]}""",
            Edge.Properties("Beacon")["ReservedConcurrentExecutions"]!.ToJsonString());
    }
}
