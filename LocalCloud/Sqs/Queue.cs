using System.Globalization;

namespace LocalCloud.Sqs;

/// <summary>A queue as it is defined; its messages are in <see cref="QueueStore"/>.</summary>
/// <param name="Number">Its number, which no later queue of the same name gets again.</param>
/// <param name="Name">Its name.</param>
/// <param name="Arn">Its ARN.</param>
/// <param name="Created">When it was created.</param>
/// <param name="Modified">When its attributes were last set.</param>
/// <param name="Purged">When it was last purged.</param>
/// <param name="Attributes">The attributes that were set, in the form of <see cref="QueueAttributes"/>.</param>
/// <param name="Tags">Its tags.</param>
internal sealed record Queue(
    long Number,
    string Name,
    string Arn,
    DateTimeOffset Created,
    DateTimeOffset Modified,
    DateTimeOffset? Purged,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyDictionary<string, string> Tags)
{
    public TimeSpan Delay => Seconds("DelaySeconds");

    public TimeSpan VisibilityTimeout => Seconds("VisibilityTimeout");

    public TimeSpan Retention => Seconds("MessageRetentionPeriod");

    public TimeSpan WaitTime => Seconds("ReceiveMessageWaitTimeSeconds");

    public int LargestMessage => Whole("MaximumMessageSize");

    public RedrivePolicy? Redrive => this["RedrivePolicy"] is { } json ? RedrivePolicy.Parse(json) : null;

    /// <summary>An attribute as it was set, or else its default; null when it has none.</summary>
    public string? this[string attribute] =>
        Attributes.TryGetValue(attribute, out var value) ? value
        : attribute == "SqsManagedSseEnabled" ? (Attributes.ContainsKey("KmsMasterKeyId") ? "false" : "true")
        : QueueAttributes.Defaults.GetValueOrDefault(attribute);

    private TimeSpan Seconds(string attribute) => TimeSpan.FromSeconds(Whole(attribute));

    private int Whole(string attribute) => int.Parse(this[attribute]!, CultureInfo.InvariantCulture);
}

/// <summary>How many messages a queue has, by what can be done with them.</summary>
/// <param name="Visible">Ready to be received.</param>
/// <param name="InFlight">Received, not deleted, and hidden until their visibility timeout is over.</param>
/// <param name="Delayed">Not yet to be received.</param>
internal sealed record QueueCounts(long Visible, long InFlight, long Delayed);
