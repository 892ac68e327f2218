namespace LocalCloud.Sqs;

/// <summary>What a sender sent.</summary>
/// <param name="Id">The message's id, a UUID.</param>
/// <param name="Body">The text.</param>
/// <param name="Delay">How long it cannot be received; the queue's when null.</param>
/// <param name="Extras">What came with it.</param>
internal sealed record NewMessage(string Id, string Body, TimeSpan? Delay, MessageExtras Extras);

/// <summary>What a message has besides its body, and keeps as it is.</summary>
/// <param name="SenderId">The user id of who sent it.</param>
/// <param name="Attributes">The sender's attributes.</param>
/// <param name="SystemAttributes">The sender's attributes for SQS: <c>AWSTraceHeader</c>.</param>
/// <param name="GroupId">The tenant it belongs to, on a fair queue; kept and answered.</param>
internal sealed record MessageExtras(
    string SenderId,
    IReadOnlyDictionary<string, MessageAttribute>? Attributes,
    IReadOnlyDictionary<string, MessageAttribute>? SystemAttributes,
    string? GroupId);

/// <summary>A message as a receiver gets it.</summary>
/// <param name="Handle">Stands for this receipt.</param>
/// <param name="Id">The message's id.</param>
/// <param name="Body">The text.</param>
/// <param name="Extras">What came with it.</param>
/// <param name="Sent">When it was sent, to whichever queue it was sent first.</param>
/// <param name="FirstReceived">When it was first received.</param>
/// <param name="Receives">How often it was received, this time included.</param>
/// <param name="Source">The ARN of the queue it was moved from as a dead letter; null when it was not.</param>
internal sealed record ReceivedMessage(
    ReceiptHandle Handle,
    string Id,
    string Body,
    MessageExtras Extras,
    DateTimeOffset Sent,
    DateTimeOffset FirstReceived,
    int Receives,
    string? Source);
