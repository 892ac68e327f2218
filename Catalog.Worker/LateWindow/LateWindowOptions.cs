using Microsoft.Extensions.Options;

namespace Catalog.Worker.LateWindow;

/// <summary>How long after its hour an object may still appear: section <c>Lake</c>. Every job respects it.</summary>
public sealed class LateWindowOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Lake";

    /// <summary>
    /// Hours younger than this are looked at again in every run; one hour to 90 days. Firehose keeps records for up to 24
    /// hours while S3 is away, and an hour's objects carry the time at which it took them; the default doubles that.
    /// </summary>
    public TimeSpan LateWindow { get; set; } = TimeSpan.FromHours(48);
}

internal sealed class LateWindowOptionsValidator : IValidateOptions<LateWindowOptions>
{
    public ValidateOptionsResult Validate(string? name, LateWindowOptions options)
        => options.LateWindow >= TimeSpan.FromHours(1) && options.LateWindow <= TimeSpan.FromDays(90)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Lake:LateWindow must be between one hour and 90 days, not {options.LateWindow}");
}
