using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Partitions;

/// <summary>How partitions are loaded: section <c>Jobs:load-partitions</c>, beside the schedule.</summary>
public sealed class LoadPartitionsOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = $"{JobOptions.Section}:{LoadPartitionsJob.JobName}";

    /// <summary>
    /// How far ahead of the clock hours are registered, so that data is visible the moment that it lands; up to 31 days.
    /// Zero: an hour is registered when an object is found in it.
    /// </summary>
    public TimeSpan RegisterAhead { get; set; } = TimeSpan.FromHours(48);

    /// <summary>
    /// Whether the traces of events that have landed are ended here; their objects are looked into for that. By default where
    /// spans are sent somewhere (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>).
    /// </summary>
    public bool FollowTraces { get; set; }
}

internal sealed class LoadPartitionsOptionsValidator : IValidateOptions<LoadPartitionsOptions>
{
    public ValidateOptionsResult Validate(string? name, LoadPartitionsOptions options)
        => options.RegisterAhead >= TimeSpan.Zero && options.RegisterAhead <= TimeSpan.FromDays(31)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{LoadPartitionsOptions.Section}:RegisterAhead must be between zero and 31 days, not {options.RegisterAhead}");
}
