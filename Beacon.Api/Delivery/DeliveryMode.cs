namespace Beacon.Api.Delivery;

/// <summary>
/// What an event is kept in before its request is answered with 200, which depends on what outlives the request where
/// the beacon runs. docs/decisions/0009 has the reasons.
/// </summary>
public enum DeliveryMode
{
    /// <summary>The journal on the local disk, for disks that outlive the process. Delivery to Firehose follows behind.</summary>
    Journal,

    /// <summary>Firehose itself, or an SQS queue when it refuses: where nothing outlives the request, as on AWS Lambda.</summary>
    WriteThrough,

    /// <summary>
    /// Firehose itself, in puts that several requests share; the journal takes only what Firehose refuses. For containers
    /// whose disk dies with them, as on Fargate.
    /// </summary>
    GroupCommit,
}

internal static class DeliveryModes
{
    /// <summary>Set by AWS in every Lambda function: AWS Lambda Developer Guide, "Defined runtime environment variables".</summary>
    private const string LambdaVariable = "AWS_LAMBDA_FUNCTION_NAME";

    /// <summary>
    /// The mode that the settings ask for. Asked while services are registered, since each mode has others; a value that
    /// is none of the modes is refused later, by name, with all other wrong settings.
    /// </summary>
    public static DeliveryMode Of(IConfiguration configuration) =>
        Enum.TryParse<DeliveryMode>(configuration[$"{DeliveryOptions.Section}:{nameof(DeliveryOptions.Mode)}"], ignoreCase: true, out var mode) ? mode
        : string.IsNullOrEmpty(configuration[LambdaVariable]) ? DeliveryMode.Journal
        : DeliveryMode.WriteThrough;
}
