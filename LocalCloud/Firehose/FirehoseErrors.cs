using LocalCloud.Protocol;

namespace LocalCloud.Firehose;

/// <summary>Errors of Firehose, as it words them.</summary>
internal static class FirehoseErrors
{
    /// <summary>What Firehose says when a producer is to come back later.</summary>
    public const string SlowDown = "Slow down.";

    public static AwsException ServiceUnavailable() => new("ServiceUnavailableException", SlowDown, 500);

    public static AwsException InvalidArgument(string message) => new("InvalidArgumentException", message);

    public static AwsException Validation(string what, string constraint) =>
        new("ValidationException", $"1 validation error detected: {what} failed to satisfy constraint: {constraint}");
}
