using Amazon.CDK;
using Infrastructure.Functions;
using Infrastructure.Permissions;

namespace Infrastructure.Edge;

/// <summary>
/// The beacon in Lambda. Nothing outlives a request there, so an event is in Firehose, or in the overflow queue, before its
/// request is answered (<c>Delivery:Mode=writethrough</c>).
/// </summary>
internal sealed class BeaconFunction
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OverflowTimeout = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Longer than a request waits for Firehose and the queue together, so that it is the beacon that answers (with the
    /// image, and 503), not Lambda; and shorter than an HTTP API waits.
    /// </summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    /// <param name="stack">The stack.</param>
    /// <param name="architecture">What the package was compiled for.</param>
    /// <param name="stream">Where events go.</param>
    /// <param name="queue">Where they go when that does not work.</param>
    /// <param name="logRetentionDays">How long its log is kept.</param>
    /// <param name="proxySettings">How it learns the visitor's address, which depends on what stands before it.</param>
    public BeaconFunction(
        Stack stack, ProcessorArchitecture architecture, StreamParameters stream, OverflowQueue queue, CfnParameter logRetentionDays,
        IDictionary<string, string> proxySettings)
    {
        var memory = StackParameters.Whole(stack, "BeaconMemoryMegabytes", 256, 128, 10240,
            "Memory of the beacon's function in MiB, which also decides its share of a processor: below 256 a first request waits noticeably longer.");
        var concurrency = StackParameters.Whole(stack, "BeaconMaxConcurrency", 0, 0, 100_000,
            "The most copies of the beacon's function that run at once, set aside from the account's own limit; requests beyond get 429 and no event. 0: as many as the account has.");

        var settings = new Dictionary<string, string>(stream.Settings())
        {
            ["Delivery__Mode"] = "writethrough",
            ["Delivery__RequestTimeout"] = RequestTimeout.ToString("c"),
            ["Delivery__OverflowQueueUrl"] = queue.Resource.Ref,
            ["Delivery__OverflowTimeout"] = OverflowTimeout.ToString("c"),
        };
        foreach (var (name, value) in proxySettings)
        {
            settings[name] = value;
        }

        var log = WebFunction.LogGroup(stack, "BeaconLog", "/beacon", logRetentionDays);
        Function = new WebFunction(stack, "Beacon", new WebFunction.Options
        {
            Description = "Answers the tracking pixel after its event is in Firehose or in the overflow queue",
            Package = new PackageParameters(stack, "beacon"),
            Architecture = architecture,
            MemoryMegabytes = memory,
            Timeout = Timeout,
            Log = log,
            IsCalledOften = true,
            Environment = settings,
            Permissions =
            [
                WebFunction.MayWrite(log),
                Policies.Allow(["sqs:SendMessage"], queue.Resource.AttrArn),
            ],
            MorePolicies = [stream.MayPut()],
        });
        Function.Resource.AddPropertyOverride("ReservedConcurrentExecutions", StackParameters.If(
            StackParameters.IsNot(concurrency, "0", "HasBeaconMaxConcurrency"), new Dictionary<string, object> { ["Ref"] = concurrency.LogicalId }));
        StackParameters.Output(stack, "BeaconFunctionName", Function.Name, "The beacon's function");
    }

    /// <summary>The function.</summary>
    public WebFunction Function { get; }
}
