using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Lambda;
using Amazon.CDK.AWS.Logs;
using Amazon.CDK.AWS.Scheduler;
using Amazon.CDK.AWS.SQS;
using Constructs;
using Infrastructure.Edge;
using Infrastructure.Functions;
using Infrastructure.Monitoring;
using Infrastructure.Permissions;

namespace Infrastructure.Worker;

/// <summary>
/// The catalog worker: for each job a Lambda function with a role of its own, and a schedule that posts to it. All run the
/// same package; the web adapter posts what is no HTTP request to the job's path, and takes an answer of 500 and more for
/// a failure, which Lambda tries twice again and then leaves in a queue.
/// </summary>
/// <remarks>
/// What AWS does by default anyway is left out here (schedules in UTC, two more tries of what failed, a day of tries to
/// begin): eleven of each make the template nearly as large as CloudFormation takes.
/// </remarks>
public sealed class PixelWorkerStack : Stack
{
    /// <summary>The stack's name, in CloudFormation and of its template.</summary>
    public const string DefaultName = "PixelWorker";

    /// <summary>The most that Lambda gives; the worker itself ends a run three minutes earlier, and goes on with it next time.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(15);

    private const double TwoWeeks = 14 * 24 * 60 * 60;

    public PixelWorkerStack(Construct scope, EdgeOptions options, string id = DefaultName)
        : base(scope, id, StackParameters.Props(id, "PixelAspire: the scheduled jobs that keep the lake right", options.Region))
    {
        StackParameters.Tag(this);
        var lake = new LakeReference(this);
        var package = new PackageParameters(this, "worker");
        var memory = StackParameters.Whole(this, "WorkerMemoryMegabytes", 512, 256, 10240,
            "Memory of each job's function in MiB, which also decides its share of a processor. Jobs wait for Athena; they hold 100 to 160 MiB.");
        var logRetention = StackParameters.LogRetention(this, "the jobs' logs");
        var queueUrl = StackParameters.Text(this, "OverflowQueueUrl", "",
            "The edge's output of the same name. Empty: it has no queue, as with fargate.", "^$|^https?://.+$", "The URL of an SQS queue, or nothing.");
        var queueArn = StackParameters.Text(this, "OverflowQueueArn", "",
            "The edge's output of the same name; empty as OverflowQueueUrl.", "^$|^arn:[a-z-]+:sqs:.+$", "The ARN of an SQS queue, or nothing.");
        var webhook = StackParameters.Text(this, "AlertWebhookUrl", "",
            "Where the job alerts posts what it finds. Empty: nowhere; its log has it.", "^$|^https://.+$", "An https URL, or nothing.");
        // Whoever knows the URL of such a hook can post to it.
        webhook.NoEcho = true;

        var key = StackParameters.Text(this, "KeyArn", "",
            "The lake's parameter of the same name. Empty: it has no key of its own.", "^$|^arn:[a-z-]+:kms:.+$", "The ARN of a key, or nothing.");

        var permissions = new JobPermissions(lake);
        var failed = new CfnQueue(this, "FailedRuns", new CfnQueueProps { MessageRetentionPeriod = TwoWeeks, SqsManagedSseEnabled = true });
        _ = new CfnQueuePolicy(this, "FailedRunsPolicy", new CfnQueuePolicyProps { Queues = [failed.Ref], PolicyDocument = Policies.Document(Policies.TlsOnly("sqs:*", failed.AttrArn)) });
        // One log for all: it is read by what happened, and the lines say which job wrote them.
        var log = WebFunction.LogGroup(this, "JobsLog", "", logRetention);
        var everyJob = Shared("EveryJob", "What every job of the catalog worker does",
            [WebFunction.MayWrite(log), Policies.Allow(["sqs:SendMessage"], failed.AttrArn), .. permissions.OfAll()]);
        var asking = Shared("AskingJobs", "What the jobs do that ask events", permissions.Asking());
        var rewriting = Shared("RewritingJobs", "What the jobs do that write hours anew", permissions.Rewriting());

        Dictionary<string, WebFunction> functions = [];
        foreach (var job in ScheduledJob.All)
        {
            var function = new WebFunction(this, job.Id, new WebFunction.Options
            {
                Description = job.Description,
                Package = package,
                Architecture = options.Architecture,
                MemoryMegabytes = memory,
                Timeout = Timeout,
                Log = log,
                Environment = new Dictionary<string, string>(lake.Settings())
                {
                    ["AWS_LWA_PASS_THROUGH_PATH"] = $"/jobs/{job.Name}",
                    // Else whatever the worker answers is a success to Lambda. 409 stays one: another run does the work.
                    ["AWS_LWA_ERROR_STATUS_CODES"] = "500-599",
                    // The metric of the ledger is read from these lines.
                    ["Logging__Console__FormatterName"] = "json",
                },
                Permissions = permissions.Of(job.Name),
                SharedPermissions =
                [
                    everyJob,
                    .. JobPermissions.Asks(job.Name) ? [asking] : Array.Empty<CfnManagedPolicy>(),
                    .. JobPermissions.Rewrites(job.Name) ? [rewriting] : Array.Empty<CfnManagedPolicy>(),
                ],
            });
            _ = new CfnEventInvokeConfig(this, $"{job.Id}Failures", new CfnEventInvokeConfigProps
            {
                FunctionName = function.Name,
                Qualifier = "$LATEST",
                DestinationConfig = new CfnEventInvokeConfig.DestinationConfigProperty
                {
                    OnFailure = new CfnEventInvokeConfig.OnFailureProperty { Destination = failed.AttrArn },
                },
            });
            functions[job.Name] = function;
        }

        AddKey(functions.Values, key);
        AddQueue(functions["redrive"], functions["erasure"], queueUrl, queueArn);
        Set(functions["alerts"], "Jobs__alerts__WebhookUrl", webhook);
        AddSchedules(functions, failed);
        AddMonitoring(functions, log, failed);
        StackParameters.Output(this, "FailedRunsUrl", failed.Ref, "The queue of runs that failed again and again");
    }

    private CfnManagedPolicy Shared(string id, string description, PolicyStatementProps[] statements) =>
        new(this, id, new CfnManagedPolicyProps { Description = description, PolicyDocument = Policies.Document(statements) });

    private void AddKey(IEnumerable<WebFunction> functions, CfnParameter key)
    {
        var policy = new CfnPolicy(this, "UseKey", new CfnPolicyProps
        {
            PolicyName = "use-key",
            PolicyDocument = Policies.Document(JobPermissions.OfKey(key.ValueAsString)),
            Roles = [.. functions.Select(function => function.Role.Ref)],
        });
        policy.CfnOptions.Condition = StackParameters.IsNot(key, "", "HasKey");
    }

    private void AddQueue(WebFunction redrive, WebFunction erasure, CfnParameter url, CfnParameter arn)
    {
        var condition = StackParameters.IsNot(arn, "", "HasOverflowQueue");
        Add(redrive, "RedriveQueue", "read-overflow-queue", JobPermissions.OfQueue(arn.ValueAsString));
        Add(erasure, "ErasureQueue", "count-overflow-queue", JobPermissions.OfQueueSize(arn.ValueAsString));

        void Add(WebFunction function, string id, string name, PolicyStatementProps statement)
        {
            Set(function, "Jobs__redrive__QueueUrl", url);
            new CfnPolicy(this, id, new CfnPolicyProps { PolicyName = name, PolicyDocument = Policies.Document(statement), Roles = [function.Role.Ref] })
                .CfnOptions.Condition = condition;
        }
    }

    private void AddSchedules(Dictionary<string, WebFunction> functions, CfnQueue failed)
    {
        var group = new CfnScheduleGroup(this, "Schedules", new CfnScheduleGroupProps { Name = Fn.Sub("${AWS::StackName}") });
        var role = new CfnRole(this, "SchedulesRole", new CfnRoleProps
        {
            Description = "What EventBridge Scheduler may do to run the jobs",
            AssumeRolePolicyDocument = Policies.AssumedBy("scheduler.amazonaws.com", new Dictionary<string, object>
            {
                ["StringEquals"] = new Dictionary<string, object>
                {
                    ["aws:SourceAccount"] = Aws.ACCOUNT_ID,
                    ["aws:SourceArn"] = group.AttrArn,
                },
            }),
            Policies = new[]
            {
                Policies.Inline(
                    "run-jobs",
                    Policies.Allow(["lambda:InvokeFunction"], [.. functions.Values.Select(function => function.Arn)]),
                    Policies.Allow(["sqs:SendMessage"], failed.AttrArn)),
            },
        });
        foreach (var job in ScheduledJob.All)
        {
            _ = new CfnSchedule(this, $"{job.Id}Schedule", new CfnScheduleProps
            {
                GroupName = group.Ref,
                ScheduleExpression = job.Schedule,
                FlexibleTimeWindow = new CfnSchedule.FlexibleTimeWindowProperty { Mode = "OFF" },
                Target = new CfnSchedule.TargetProperty
                {
                    Arn = functions[job.Name].Arn,
                    RoleArn = role.AttrArn,
                    Input = "{}",
                    DeadLetterConfig = new CfnSchedule.DeadLetterConfigProperty { Arn = failed.AttrArn },
                },
            });
        }
    }

    private void AddMonitoring(Dictionary<string, WebFunction> functions, CfnLogGroup log, CfnQueue failed)
    {
        var alarms = new Alarms(this);
        var dashboard = new Dashboard();
        // From the line that each run writes: runs in which events were missing for good.
        var gaps = LogMetric.Count(this, "LedgerGap", log, """{ ($.State.Job = "ledger") && ($.State.Counts = "*, missing *") && ($.State.Counts != "*, missing 0,*") }""");
        var runs = new MetricOf("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", ("QueueName", failed.AttrQueueName));

        alarms.Add("FailedRuns", "A job failed three times in a row; the message in the queue FailedRuns names it, and its log says why.", runs, 0, TimeSpan.FromMinutes(5));
        alarms.Add("LedgerGap", "Events that beacons accepted are not in the lake, and the late window has passed: the log of the job ledger names them.", gaps, 0, TimeSpan.FromHours(1));
        alarms.AddBelow("NoPartitions", "The job load-partitions has not run for three hours, as at the very first: new events cannot be seen.", Of("load-partitions", "Invocations", "Sum"), 1, TimeSpan.FromHours(1), times: 3);
        alarms.AddBelow("NoLedger", "The job ledger has not run for three hours, as at the very first: nobody would know of a gap.", Of("ledger", "Invocations", "Sum"), 1, TimeSpan.FromHours(1), times: 3);

        dashboard.Add("Runs that failed", [.. functions.Keys.Select(job => Of(job, "Errors", "Sum"))]);
        dashboard.Add("Ledger", gaps);
        dashboard.Add("Failed for good", runs);
        // What it shows is in the tables job_runs, which also has how long runs took, and ledger_hours; what needs somebody is an alarm.
        dashboard.Make(this, byDefault: false);

        MetricOf Of(string job, string name, string statistic) => new("AWS/Lambda", name, statistic, ("FunctionName", functions[job].Name));
    }

    private static void Set(WebFunction function, string setting, CfnParameter value) =>
        function.Resource.AddPropertyOverride($"Environment.Variables.{setting}", new Dictionary<string, object> { ["Ref"] = value.LogicalId });
}
