using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Beacon.Api.Delivery;

/// <summary>What an event is kept in, and how it is passed on to Firehose.</summary>
public sealed class DeliveryOptions
{
    public const string Section = "Delivery";

    /// <summary>
    /// What an event is kept in before its request is answered. Default <see cref="DeliveryMode.WriteThrough"/> in a
    /// Lambda function, else <see cref="DeliveryMode.Journal"/>.
    /// </summary>
    public DeliveryMode Mode { get; set; }

    /// <summary>
    /// The role that the beacon assumes to put to the stream, such as <c>arn:aws:iam::123456789012:role/producer</c>: where the
    /// lake is in another account, since Firehose lets no other account's callers in. Empty, the default: it puts as itself.
    /// </summary>
    public string? RoleArn { get; set; }

    /// <summary>What the role's trust policy asks for as <c>sts:ExternalId</c>. Empty, the default: nothing.</summary>
    public string? RoleExternalId { get; set; }

    /// <summary>
    /// How long a request may wait for Firehose, all tries together. Write-through and group commit only. Default 5 s,
    /// 100 ms to 25 s: whoever asks gives up at some time, an HTTP API of API Gateway after 30 s.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a group of requests is gathered before its put. Group commit only. Default 20 ms, 1 ms to 1 s.</summary>
    public TimeSpan GroupWait { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// The standard SQS queue for events that Firehose does not take in <see cref="RequestTimeout"/>, such as
    /// <c>https://sqs.eu-west-1.amazonaws.com/123456789012/pixel-overflow</c>. Write-through only. Empty, the default:
    /// such requests are answered with 503.
    /// </summary>
    public string? OverflowQueueUrl { get; set; }

    /// <summary>How long a request may wait for the queue besides. Default 3 s, 100 ms to 25 s.</summary>
    public TimeSpan OverflowTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The longest an event waits in the journal for others to share a put with; full batches go at once. Default 1 s in
    /// Development and with group commit, whose journal dies with its container, 60 s elsewhere (fewer, fuller records
    /// cost less: Firehose bills each one in steps of 5 KB). 1 ms to 15 min.
    /// </summary>
    public TimeSpan DeliverEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a stopping beacon goes on delivering; what is left stays in the journal for the next start. The host is
    /// given this and ten seconds to stop. Default 20 s, up to 15 min.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The most bytes of events in one put from the journal. Default 1,000 KiB, which is one full record; up to the 4 MiB that
    /// Firehose takes.
    /// </summary>
    /// <remarks>
    /// Larger puts save requests, which Firehose does not bill. They cost memory, about two and a half times their size for each
    /// that is on its way.
    /// </remarks>
    public int BatchSize { get; set; } = PackingLimits.Firehose.RecordBytes;

    /// <summary>How many batches may be on their way at once. Default 4, 1 to 64.</summary>
    public int MaxInFlight { get; set; } = 4;

    /// <summary>
    /// When a put from the journal that is not answered counts as failed, to be sent again. Default 30 s, 100 ms to 5 min.
    /// </summary>
    public TimeSpan PutTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The waits before a failed put is sent again: see <see cref="BackOff"/>. Default 200 ms, growing to 30 s.</summary>
    public TimeSpan RetryBase { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait before a failed put is sent again. Default 30 s, at least <see cref="RetryBase"/>.</summary>
    public TimeSpan RetryCap { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Checks the settings at the start; by hand, because a generated check does not name the section.</summary>
internal sealed partial class DeliveryOptionsValidator : IValidateOptions<DeliveryOptions>
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan QuarterHour = TimeSpan.FromMinutes(15);

    public ValidateOptionsResult Validate(string? name, DeliveryOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (!Enum.IsDefined(options.Mode))
        {
            problems.AddError("Delivery:Mode must be journal, writethrough or groupcommit.");
        }

        if (!string.IsNullOrEmpty(options.OverflowQueueUrl) && !IsStandardQueue(options.OverflowQueueUrl))
        {
            problems.AddError($"Delivery:OverflowQueueUrl must be the http or https URL of a standard queue, not '{options.OverflowQueueUrl}'.");
        }

        if (!string.IsNullOrEmpty(options.RoleArn) && !RoleArn().IsMatch(options.RoleArn))
        {
            problems.AddError($"Delivery:RoleArn must be the ARN of a role, such as arn:aws:iam::123456789012:role/producer, not '{options.RoleArn}'.");
        }

        if (!string.IsNullOrEmpty(options.RoleExternalId) && !ExternalId().IsMatch(options.RoleExternalId))
        {
            problems.AddError("Delivery:RoleExternalId must be 2 to 1224 letters, digits and characters of +=,.@:/-_.");
        }
        else if (!string.IsNullOrEmpty(options.RoleExternalId) && string.IsNullOrEmpty(options.RoleArn))
        {
            problems.AddError("Delivery:RoleExternalId needs Delivery:RoleArn.");
        }

        Within(options.RequestTimeout, 100 * Millisecond, TimeSpan.FromSeconds(25), nameof(options.RequestTimeout));
        Within(options.OverflowTimeout, 100 * Millisecond, TimeSpan.FromSeconds(25), nameof(options.OverflowTimeout));
        Within(options.GroupWait, Millisecond, TimeSpan.FromSeconds(1), nameof(options.GroupWait));
        Within(options.DeliverEvery, Millisecond, QuarterHour, nameof(options.DeliverEvery));
        Within(options.DrainTimeout, TimeSpan.Zero, QuarterHour, nameof(options.DrainTimeout));
        Within(options.PutTimeout, 100 * Millisecond, TimeSpan.FromMinutes(5), nameof(options.PutTimeout));
        Within(options.RetryBase, Millisecond, TimeSpan.FromMinutes(1), nameof(options.RetryBase));
        Within(options.RetryCap, Millisecond, QuarterHour, nameof(options.RetryCap));
        if (options.RetryCap < options.RetryBase)
        {
            problems.AddError("Delivery:RetryCap must not be shorter than Delivery:RetryBase.");
        }

        if (options.BatchSize < PackingLimits.Firehose.RecordBytes || options.BatchSize > PackingLimits.Firehose.BatchBytes)
        {
            problems.AddError($"Delivery:BatchSize must be from {PackingLimits.Firehose.RecordBytes} bytes (1,000 KiB) to {PackingLimits.Firehose.BatchBytes} (4 MiB).");
        }

        if (options.MaxInFlight is < 1 or > 64)
        {
            problems.AddError("Delivery:MaxInFlight must be from 1 to 64.");
        }

        return problems.Build();

        void Within(TimeSpan value, TimeSpan least, TimeSpan most, string setting)
        {
            if (value < least || value > most)
            {
                problems.AddError($"Delivery:{setting} must be from {least:c} to {most:c}.");
            }
        }
    }

    // The patterns of STS's API reference, "AssumeRole", without what no role is called.
    [GeneratedRegex(@"\Aarn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]{1,576}\z")]
    private static partial Regex RoleArn();

    [GeneratedRegex(@"\A[A-Za-z0-9_+=,.@:/-]{2,1224}\z")]
    private static partial Regex ExternalId();

    /// <remarks>A FIFO queue, whose name ends so, takes 300 messages a second and wants a group for each.</remarks>
    private static bool IsStandardQueue(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https" }
        && !uri.AbsolutePath.EndsWith(".fifo", StringComparison.Ordinal);
}
