using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.SQS;
using Infrastructure.Permissions;

namespace Infrastructure.Edge;

/// <summary>
/// The queue for events that Firehose did not take while their requests waited. The worker's job <c>redrive</c> reads it, puts
/// what it cannot send into the lake's quarantine, and leaves the rest for the next run: so a message that is received again and
/// again says that Firehose is down, and becomes a dead letter only after days of that.
/// </summary>
internal sealed class OverflowQueue
{
    private const double TwoWeeks = 14 * 24 * 60 * 60;

    public OverflowQueue(Stack stack)
    {
        var worker = StackParameters.Text(stack, "WorkerAccountId", "",
            "The account of the lake and the worker, where it is another: it may then read the overflow queue. Empty: it is this one.",
            "^$|^[0-9]{12}$", "Twelve digits, or nothing.");
        DeadLetters = Queue(stack, "OverflowDeadLetters", null);
        Resource = Queue(stack, "OverflowQueue", new Dictionary<string, object>
        {
            ["deadLetterTargetArn"] = DeadLetters.AttrArn,
            ["maxReceiveCount"] = 1000, // the most that SQS takes: ten days of runs
        }, worker);
        StackParameters.Output(stack, "OverflowQueueUrl", Resource.Ref, "The queue for what Firehose did not take; the worker's parameter of the same name");
        StackParameters.Output(stack, "OverflowQueueArn", Resource.AttrArn, "Its ARN; the worker's parameter of the same name");
        StackParameters.Output(stack, "OverflowDeadLettersUrl", DeadLetters.Ref, "The queue for what could not be sent again");
    }

    public CfnQueue Resource { get; }

    public CfnQueue DeadLetters { get; }

    private static CfnQueue Queue(Stack stack, string id, object? redrivePolicy, CfnParameter? worker = null)
    {
        var queue = new CfnQueue(stack, id, new CfnQueueProps
        {
            MessageRetentionPeriod = TwoWeeks,
            // An event can be larger than the 256 KiB that SQS once took.
            MaximumMessageSize = 1 << 20,
            VisibilityTimeout = 120,
            SqsManagedSseEnabled = true,
            RedrivePolicy = redrivePolicy,
        });
        _ = new CfnQueuePolicy(stack, $"{id}Policy", new CfnQueuePolicyProps
        {
            Queues = [queue.Ref],
            PolicyDocument = worker is null ? Policies.Document(Policies.TlsOnly("sqs:*", queue.AttrArn)) : TlsOnlyAndReadBy(worker, queue),
        });
        return queue;
    }

    /// <summary>
    /// What the jobs <c>redrive</c> and <c>erasure</c> call. An account is let in, not their roles: they are made after the edge,
    /// whose queue they are told. In that account only these two roles may (the worker's JobPermissions).
    /// </summary>
    private static Dictionary<string, object> TlsOnlyAndReadBy(CfnParameter worker, CfnQueue queue) => new()
    {
        ["Version"] = "2012-10-17",
        ["Statement"] = new[]
        {
            new PolicyStatement(Policies.TlsOnly("sqs:*", queue.AttrArn)).ToStatementJson(),
            StackParameters.If(StackParameters.IsNot(worker, "", "WorkerIsElsewhere"), new Dictionary<string, object>
            {
                ["Sid"] = "WorkerElsewhere",
                ["Effect"] = "Allow",
                ["Principal"] = new Dictionary<string, object> { ["AWS"] = worker.ValueAsString },
                ["Action"] = new[] { "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage" },
                ["Resource"] = queue.AttrArn,
            }),
        },
    };
}
