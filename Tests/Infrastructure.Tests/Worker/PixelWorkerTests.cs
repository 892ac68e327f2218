using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Infrastructure.Lake;
using Infrastructure.Tests.Edge;
using Infrastructure.Worker;
using Pixel.Events.Lake;

namespace Infrastructure.Tests.Worker;

public sealed class PixelWorkerTests(FunctionUrlEdge synthesized) : IClassFixture<FunctionUrlEdge>
{
    private Template Worker => synthesized.Of(PixelWorkerStack.DefaultName);

    /// <summary>The worker's own jobs and schedules, from its source: what they are, a template cannot know otherwise.</summary>
    private static Dictionary<string, string> JobsOfTheWorker { get; } = Read();

    [Fact]
    public void Every_job_of_the_worker_has_a_function_and_its_own_schedule() =>
        Assert.Equal(JobsOfTheWorker.OrderBy(job => job.Key), ScheduledJob.All.ToDictionary(job => job.Name, job => job.Cron).OrderBy(job => job.Key));

    [Fact]
    public void A_schedule_posts_to_the_path_of_its_job_and_a_5xx_is_a_failure() => Assert.All(ScheduledJob.All, job =>
    {
        var environment = Worker.EnvironmentOf(job.Id);
        var schedule = Worker.Properties($"{job.Id}Schedule");

        Assert.Equal($"/jobs/{job.Name}", environment["AWS_LWA_PASS_THROUGH_PATH"]);
        Assert.Equal("500-599", environment["AWS_LWA_ERROR_STATUS_CODES"]);
        Assert.Equal($$"""{"Fn::GetAtt":["{{job.Id}}","Arn"]}""", schedule["Target"]!["Arn"]!.ToJsonString());
        Assert.Matches(@"^cron\(\S+ \S+ \* \* \? \*\)$", (string)schedule["ScheduleExpression"]!);
        Assert.Equal("OFF", (string)schedule["FlexibleTimeWindow"]!["Mode"]!);
    });

    [Theory]
    [InlineData("16 * * * *", "cron(16 * * * ? *)")]
    [InlineData("*/15 * * * *", "cron(0/15 * * * ? *)")]
    [InlineData("40 3 * * *", "cron(40 3 * * ? *)")]
    public void A_schedule_is_the_worker_s_own_in_the_form_of_EventBridge(string cron, string expected) =>
        Assert.Equal(expected, new ScheduledJob("job", cron, "").Schedule);

    [Fact]
    public void What_fails_again_and_again_is_kept_and_told() => Assert.All(ScheduledJob.All, job =>
    {
        Assert.Equal(
            """{"Fn::GetAtt":["FailedRuns","Arn"]}""",
            Worker.Properties($"{job.Id}Failures")["DestinationConfig"]!["OnFailure"]!["Destination"]!.ToJsonString());
        Assert.Equal("""{"Fn::GetAtt":["FailedRuns","Arn"]}""", Worker.Properties($"{job.Id}Schedule")["Target"]!["DeadLetterConfig"]!["Arn"]!.ToJsonString());
        Assert.Contains("FailedRunsAlarm", Worker.Resources.Select(resource => resource.Key));
    });

    [Fact]
    public void A_gap_in_the_ledger_and_a_job_that_does_not_run_are_alarms()
    {
        Assert.Superset(new HashSet<string>(["LedgerGapAlarm", "NoLedgerAlarm", "NoPartitionsAlarm"]), Worker.OfType("AWS::CloudWatch::Alarm").Keys.ToHashSet());
        Assert.Equal("breaching", (string)Worker.Properties("NoLedgerAlarm")["TreatMissingData"]!);
        Assert.Equal("json", Worker.EnvironmentOf("Ledger")["Logging__Console__FormatterName"]);
    }

    [Fact]
    public void The_pattern_of_the_gap_fits_the_line_that_the_worker_writes()
    {
        var source = File.ReadAllText(Path.Combine(Root, "Catalog.Worker", "Jobs", "JobRunner.cs"));
        var ledger = File.ReadAllText(Path.Combine(Root, "Catalog.Worker", "Ledger", "LedgerJob.cs"));

        Assert.Contains("\"{Job}{DryRun} ran for {Seconds:0.000} s: {Counts}.\"", source);
        Assert.Contains("string.Join(\", \", run.Counts.Select(c => $\"{c.Key} {c.Value}\"))", source);
        // Neither the first nor the last of the counts: the pattern has a comma on both sides.
        Assert.Matches(new Regex(@"new\(""delivered"".*new\(""missing"", missing\),\s*new\(""provisionallyMissing""", RegexOptions.Singleline), ledger);
    }

    [Fact]
    public void Every_job_has_a_role_of_its_own() =>
        Assert.Equal(ScheduledJob.All.Count, ScheduledJob.All.Select(job => Worker.Properties(job.Id)["Role"]!.ToJsonString()).Distinct().Count());

    [Fact]
    public void Only_those_who_must_may_delete_events()
    {
        Assert.Equal(["compaction", "erasure", "retention"], JobsThatMay("s3:DeleteObject", "${EventsPrefix}*").Order());
        Assert.Equal(["erasure"], JobsThatMay("s3:DeleteObjectVersion", "*"));
        Assert.Equal(["erasure", "repair-partitions", "retention"], JobsThatMay("glue:BatchDeletePartition", "table/${DatabaseName}/${TableName}\"").Order());
    }

    [Fact]
    public void Only_redrive_sends_events_and_reads_the_queue()
    {
        Assert.Equal(["redrive"], JobsThatMay("firehose:PutRecordBatch", "deliverystream/${EventStreamName}"));
        Assert.Equal("HasOverflowQueue", (string)Worker.Resources["RedriveQueue"]!["Condition"]!);
        Assert.Equal("""[{"Ref":"RedriveRole"}]""", Worker.Properties("RedriveQueue")["Roles"]!.ToJsonString());
        Assert.Equal("""{"Ref":"OverflowQueueUrl"}""", Worker.EnvironmentOf("Redrive")["Jobs__redrive__QueueUrl"]);
    }

    [Fact]
    public void Nobody_but_views_changes_tables_besides_the_one_that_rewriting_reads_by()
    {
        Assert.Equal(["schema", "views"], JobsThatMay("glue:UpdateTable", "table/${DatabaseName}/").Where(job => !JobPermissions.Rewrites(job)).Order());
        Assert.Equal(["views"], JobsThatMay("glue:DeleteTable", "table/"));
        Assert.All(
            Statements("CompactionRole").Where(s => Actions(s).Contains("glue:UpdateTable")),
            s => Assert.DoesNotContain("${TableName}\"", s["Resource"]!.ToJsonString()));
    }

    [Fact]
    public void Every_resource_is_one_of_the_lake_s_or_the_worker_s_own() => Assert.All(ScheduledJob.All, job =>
        Assert.All(Statements($"{job.Id}Role"), statement => Assert.All(Template.Listed(statement["Resource"]), resource =>
        {
            var text = resource!.ToJsonString();
            Assert.Matches(@"\$\{LakeBucketName\}|database/\$\{DatabaseName\}|table/\$\{DatabaseName\}/|:catalog""|\$\{\w*WorkgroupName\}|\$\{EventStreamName\}|JobsLog|FailedRuns", text);
            // A star stands for names that nobody knows in advance, at the end of a name of ours.
            Assert.DoesNotMatch(@"\*[^""]", text);
        })));

    [Fact]
    public void Whatever_runs_the_schedules_may_run_these_functions_only()
    {
        Assert.Equal(["lambda:InvokeFunction", "sqs:SendMessage"], Worker.ActionsOf("SchedulesRole"));
        Assert.Equal(ScheduledJob.All.Count, Worker.StatementsOf("SchedulesRole").First()["Resource"]!.AsArray().Count);
        var trust = Worker.Properties("SchedulesRole")["AssumeRolePolicyDocument"]!["Statement"]![0]!;
        Assert.Equal("""{"Fn::GetAtt":["Schedules","Arn"]}""", trust["Condition"]!["StringEquals"]!["aws:SourceArn"]!.ToJsonString());
    }

    [Fact]
    public void The_lake_s_outputs_are_the_parameters_that_the_worker_finds_it_by()
    {
        // The fields are the beacon's to know, and so is what is there only for beacons of other accounts.
        var outputs = CommittedOutputs().Where(output => output != nameof(LakeOptions.EventFields)).ToList();

        Assert.All(outputs, output =>
        {
            Assert.True(Worker.Parameters.ContainsKey(output), $"{output} is no parameter.");
            Assert.Equal($$"""{"Ref":"{{output}}"}""", Worker.EnvironmentOf("LoadPartitions")[$"AWS__Resources__{output}"]);
        });
        static IEnumerable<string> CommittedOutputs() =>
            JsonNode.Parse(File.ReadAllText(LakeTemplate.CommittedPath()))!["Outputs"]!.AsObject().Where(output => output.Value!["Condition"] is null).Select(output => output.Key);
    }

    [Fact]
    public void Where_the_lake_has_a_key_every_job_may_use_it_by_way_of_S3()
    {
        Assert.Equal("HasKey", (string)Worker.Resources["UseKey"]!["Condition"]!);
        Assert.Equal(ScheduledJob.All.Count, Worker.Properties("UseKey")["Roles"]!.AsArray().Count);
        Assert.Contains("kms:ViaService", Worker.Properties("UseKey")["PolicyDocument"]!.ToJsonString());
    }

    [Fact]
    public void The_address_of_the_webhook_is_not_shown() => Assert.True((bool)Worker.Parameters["AlertWebhookUrl"]!["NoEcho"]!);

    [Fact]
    public void A_dashboard_is_made_for_who_wants_one()
    {
        Assert.Equal("HasDashboard", (string)Worker.Resources["Dashboard"]!["Condition"]!);
        Assert.Equal("no", (string)Worker.Parameters["WithDashboard"]!["Default"]!);
    }

    [Fact]
    public void The_log_ends_after_a_week() => Assert.Equal("LogRetentionDays", (string)Worker.Properties("JobsLog")["RetentionInDays"]!["Ref"]!);

    private static string Root => Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(LakeTemplate.CommittedPath())))!;

    private IEnumerable<string> JobsThatMay(string action, string resource) => ScheduledJob.All.Select(job => job.Name).Where(job =>
        Statements($"{ScheduledJob.All.Single(j => j.Name == job).Id}Role").Any(s => Actions(s).Contains(action) && s["Resource"]!.ToJsonString().Contains(resource, StringComparison.Ordinal)));

    private static IEnumerable<string> Actions(JsonNode statement) => Template.Listed(statement["Action"]).Select(action => (string)action!);

    /// <summary>All that a role may do, by its own policies and by those that it shares.</summary>
    private IEnumerable<JsonNode> Statements(string role) => Worker.StatementsOf(role).Concat(
        Template.Listed(Worker.Properties(role)["ManagedPolicyArns"]).SelectMany(policy =>
            Worker.Properties((string)policy!["Ref"]!)["PolicyDocument"]!["Statement"]!.AsArray()).Select(statement => statement!));

    private static Dictionary<string, string> Read()
    {
        var sources = Directory.GetFiles(Path.Combine(Root, "Catalog.Worker"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText).ToList();
        var names = sources.Select(text => Regex.Match(text, @"class (\w+Job)\b.*?JobName = ""([a-z-]+)""", RegexOptions.Singleline))
            .Where(match => match.Success).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        // Of two schedules in one line the second is that of production.
        return sources.SelectMany(text => Regex.Matches(text, @"\.AddJob<(\w+)>\(\w+\.JobName, ([^\n]*)"))
            .ToDictionary(match => names[match.Groups[1].Value], match => Regex.Matches(match.Groups[2].Value, @"""([^""]+)""").Last().Groups[1].Value);
    }
}
