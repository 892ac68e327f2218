using Microsoft.Extensions.Options;
using Pixel.Events;

namespace Beacon.Api.Endpoints;

/// <summary>Settings of the pixel itself.</summary>
public sealed class BeaconOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Beacon";

    /// <summary>
    /// The longest query that makes an event, in characters as they stand in the request; longer ones get the image
    /// with 414 and count as <c>query_too_long</c>. From 256 to 131,072, the default, which is what an event can
    /// hold.
    /// </summary>
    public int MaxQueryLength { get; set; } = EventLimits.Query;

    /// <summary>Whether the header <c>x-pixel-dropped</c> tells why a request left no event. Off: it is for trying out.</summary>
    public bool ExplainDrops { get; set; }

    /// <summary>What <c>Retry-After</c> says when an event cannot be kept: one second to one hour.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// One request for the pixel in so many is traced: 1 traces each, 0 none. By default 1,000, enough to see where time
    /// goes and too few to cost any. Everything else the beacon answers is always traced.
    /// </summary>
    public int TraceOneIn { get; set; } = 1000;
}

/// <summary>Checks the settings at the start; by hand, because a generated check does not name the section.</summary>
internal sealed class BeaconOptionsValidator : IValidateOptions<BeaconOptions>
{
    private const int ShortestLimit = 256;

    public ValidateOptionsResult Validate(string? name, BeaconOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (options.MaxQueryLength is < ShortestLimit or > EventLimits.Query)
        {
            problems.AddError($"Beacon:MaxQueryLength must be from {ShortestLimit} to {EventLimits.Query}.");
        }

        if (options.RetryAfter < TimeSpan.FromSeconds(1) || options.RetryAfter > TimeSpan.FromHours(1))
        {
            problems.AddError("Beacon:RetryAfter must be from 00:00:01 to 01:00:00.");
        }

        if (options.TraceOneIn < 0)
        {
            problems.AddError("Beacon:TraceOneIn must be 0 or more.");
        }

        return problems.Build();
    }
}
