using Infrastructure.Functions;
using Infrastructure.Monitoring;

namespace Infrastructure.Edge;

/// <summary>What is watched of a beacon in Lambda.</summary>
internal static class FunctionMonitoring
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    /// <summary>Answers of 500 and more by the function's URL: the beacon's own 503 is no error of the function.</summary>
    public static (MetricOf Requests, MetricOf Failed) UrlOf(WebFunction function) =>
        (Of(function, "UrlRequestCount", "Sum"), Of(function, "Url5xxCount", "Sum"));

    /// <summary>Adds the alarms and the graphs.</summary>
    /// <param name="beacon">The function.</param>
    /// <param name="queue">Its overflow queue.</param>
    /// <param name="front">What stands before it: the requests, and those answered with 500 and more.</param>
    /// <param name="alarms">The alarms.</param>
    /// <param name="dashboard">The dashboard.</param>
    public static void Add(WebFunction beacon, OverflowQueue queue, (MetricOf Requests, MetricOf Failed) front, Alarms alarms, Dashboard dashboard)
    {
        var (errors, throttles) = (Of(beacon, "Errors", "Sum"), Of(beacon, "Throttles", "Sum"));
        var oldest = OfQueue(queue.Resource.AttrQueueName, "ApproximateAgeOfOldestMessage");
        var deadLetters = OfQueue(queue.DeadLetters.AttrQueueName, "ApproximateNumberOfMessagesVisible");

        alarms.Add("BeaconErrors", "The beacon's function failed or ran out of time; its log says why. Those requests have no event.", errors, 0, FiveMinutes);
        alarms.Add("BeaconThrottles", "Lambda refused requests: raise BeaconMaxConcurrency or the account's limit. They have no event.", throttles, 0, FiveMinutes);
        alarms.Add("EventsNotKept", "Requests were answered with 500 or more: neither Firehose nor the overflow queue took their events.", front.Failed, 0, FiveMinutes);
        alarms.Add("OverflowAge", "Events have waited in the overflow queue for more than an hour: look at the worker's job redrive, and at Firehose.", oldest, 3600, FiveMinutes);
        alarms.Add("OverflowDeadLetters", "Events could not be sent again for days; they are kept for two weeks. When Firehose works, aws sqs start-message-move-task --source-arn ARN brings them back to the overflow queue.", deadLetters, 0, FiveMinutes);

        dashboard.Add("Requests", front.Requests, front.Failed);
        dashboard.Add("Time of the beacon", Of(beacon, "Duration", "p50"), Of(beacon, "Duration", "p99"));
        dashboard.Add("Copies of the beacon", Of(beacon, "ConcurrentExecutions", "Maximum"), throttles, errors);
        dashboard.Add("Overflow", OfQueue(queue.Resource.AttrQueueName, "ApproximateNumberOfMessagesVisible"), oldest, deadLetters);
    }

    private static MetricOf Of(WebFunction function, string name, string statistic) => new("AWS/Lambda", name, statistic, ("FunctionName", function.Name));

    private static MetricOf OfQueue(string queue, string name) => new("AWS/SQS", name, "Maximum", ("QueueName", queue));
}
