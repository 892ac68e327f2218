using LocalCloud.Protocol;

namespace LocalCloud.Sqs;

/// <summary>
/// Errors of SQS, as it words them: in the JSON protocol under the names of its model, in the query protocol under the
/// older codes, which the SDKs keep to.
/// </summary>
internal static class SqsErrors
{
    public static AwsException QueueDoesNotExist() =>
        Modeled("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.");

    public static AwsException QueueNameExists(string attribute) =>
        Modeled("QueueNameExists", "QueueAlreadyExists", $"A queue already exists with the same name and a different value for attribute {attribute}");

    public static AwsException QueueDeletedRecently() => Modeled(
        "QueueDeletedRecently",
        "AWS.SimpleQueueService.QueueDeletedRecently",
        "You must wait 60 seconds after deleting a queue before you can create another with the same name.");

    public static AwsException PurgeQueueInProgress(string queue) => Modeled(
        "PurgeQueueInProgress",
        "AWS.SimpleQueueService.PurgeQueueInProgress",
        $"Only one PurgeQueue operation on {queue} is allowed every 60 seconds.",
        403);

    public static AwsException UnsupportedOperation(string message) =>
        Modeled("UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation", message);

    public static AwsException InvalidAttributeName(string message) => Modeled("InvalidAttributeName", "InvalidAttributeName", message);

    public static AwsException InvalidAttributeValue(string attribute) =>
        Modeled("InvalidAttributeValue", "InvalidAttributeValue", $"Invalid value for the parameter {attribute}.");

    public static AwsException InvalidMessageContents() => Modeled(
        "InvalidMessageContents",
        "InvalidMessageContents",
        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF");

    public static AwsException ReceiptHandleIsInvalid(string handle) => Modeled(
        "ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", $"The input receipt handle \"{handle}\" is not a valid receipt handle.", 404);

    public static AwsException MessageNotInflight() => Modeled(
        "MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight", "The specified message isn't in flight.");

    /// <summary>An error of a batch as a whole, e.g. <c>EmptyBatchRequest</c>.</summary>
    public static AwsException Batch(string name, string message) => Modeled(name, $"AWS.SimpleQueueService.{name}", message);

    // The next three are not in SQS's model: they come from the framework below it, and say so in their type.

    public static AwsException InvalidParameter(string message) =>
        new("com.amazon.coral.service#InvalidParameterValueException", message) { QueryCode = "InvalidParameterValue" };

    public static AwsException InvalidParameter(object value, string parameter, string reason) =>
        InvalidParameter($"Value {value} for parameter {parameter} is invalid. Reason: {reason}");

    public static AwsException MissingParameter(string parameter) =>
        new("com.amazon.coral.service#MissingRequiredParameterException", $"The request must contain the parameter {parameter}.")
        {
            QueryCode = "MissingParameter",
        };

    private static AwsException Modeled(string name, string queryCode, string message, int status = 400) =>
        new($"com.amazonaws.sqs#{name}", message, status) { QueryCode = queryCode };
}
