namespace LocalCloud.Protocol;

/// <summary>
/// An error that AWS itself would answer. The protocol decides its shape: <c>{"__type": …, "message": …}</c> in
/// AWS JSON, <c>&lt;Error&gt;</c> in S3's REST-XML and in the query protocol.
/// </summary>
/// <param name="code">The error's name as the service's API reference spells it, e.g. <c>EntityNotFoundException</c>, <c>NoSuchKey</c>.</param>
/// <param name="message">The sentence, worded as the service words it.</param>
/// <param name="status">The HTTP status.</param>
public sealed class AwsException(string code, string message, int status = 400) : Exception(message)
{
    /// <summary>The error's name.</summary>
    public string Code { get; } = code;

    /// <summary>
    /// What the query protocol calls the same error, where that differs: <c>AWS.SimpleQueueService.NonExistentQueue</c> for
    /// <c>com.amazonaws.sqs#QueueDoesNotExist</c>.
    /// </summary>
    public string QueryCode { get; init; } = code;

    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>
    /// What this error carries besides (<c>Key</c> of S3's <c>NoSuchKey</c>, <c>AthenaErrorCode</c>, …), in the order it is written.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Details { get; init; } = [];
}
