using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

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
    [Range(256, Pixel.Events.EventLimits.Query, ErrorMessage = "Beacon:MaxQueryLength must be from 256 to 131072.")]
    public int MaxQueryLength { get; set; } = Pixel.Events.EventLimits.Query;

    /// <summary>Whether the header <c>x-pixel-dropped</c> tells why a request left no event. Off: it is for trying out.</summary>
    public bool ExplainDrops { get; set; }

    /// <summary>What <c>Retry-After</c> says when an event cannot be kept: one second to one hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "Beacon:RetryAfter must be from 00:00:01 to 01:00:00.")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>Checks the settings at the start.</summary>
[OptionsValidator]
internal sealed partial class BeaconOptionsValidator : IValidateOptions<BeaconOptions>;
