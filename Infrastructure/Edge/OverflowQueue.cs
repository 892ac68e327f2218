using Amazon.CDK;
using Amazon.CDK.AWS.SQS;
using Infrastructure.Permissions;

namespace Infrastructure.Edge;

/// <summary>
/// The queue for events that Firehose did not take while their requests waited. The worker's job <c>redrive</c> reads it;
/// what it has received ten times without an end is kept among the dead letters for two weeks, for a person to look at.
/// </summary>
internal sealed class OverflowQueue
{
    private const double TwoWeeks = 14 * 24 * 60 * 60;

    public OverflowQueue(Stack stack)
    {
        DeadLetters = Queue(stack, "OverflowDeadLetters", null);
        Resource = Queue(stack, "OverflowQueue", new Dictionary<string, object>
        {
            ["deadLetterTargetArn"] = DeadLetters.AttrArn,
            ["maxReceiveCount"] = 10,
        });
        StackParameters.Output(stack, "OverflowQueueUrl", Resource.Ref, "The queue for what Firehose did not take; the worker's parameter of the same name");
        StackParameters.Output(stack, "OverflowQueueArn", Resource.AttrArn, "Its ARN; the worker's parameter of the same name");
        StackParameters.Output(stack, "OverflowDeadLettersUrl", DeadLetters.Ref, "The queue for what could not be sent again");
    }

    public CfnQueue Resource { get; }

    public CfnQueue DeadLetters { get; }

    private static CfnQueue Queue(Stack stack, string id, object? redrivePolicy)
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
        _ = new CfnQueuePolicy(stack, $"{id}Policy", new CfnQueuePolicyProps { Queues = [queue.Ref], PolicyDocument = Policies.Document(Policies.TlsOnly("sqs:*", queue.AttrArn)) });
        return queue;
    }
}
