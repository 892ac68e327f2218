using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Retention;

/// <summary>How long events are kept: section <c>Jobs:retention</c>, beside the schedule.</summary>
public sealed class RetentionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = $"{JobOptions.Section}:{RetentionJob.JobName}";

    /// <summary>
    /// The age at which an hour goes with its objects; 7 days or more. The default is that of the bucket's own lifecycle
    /// (<c>EventsExpireAfterDays</c>), which is the backstop. <c>00:00:00</c>: events are kept for ever.
    /// </summary>
    public TimeSpan KeepEvents { get; set; } = TimeSpan.FromDays(730);

    /// <summary>
    /// Shorter ages for single third parties, such as <c>Jobs:retention:ThirdParties:news.example=90.00:00:00</c>; 7 days or
    /// more. The hours that hold events of theirs are written anew without them.
    /// </summary>
    public Dictionary<string, TimeSpan> ThirdParties { get; } = new(StringComparer.Ordinal);

    /// <summary>The age at which a day of <c>daily_rollup</c> goes; 7 days or more. <c>00:00:00</c>, the default: never.</summary>
    public TimeSpan KeepRollup { get; set; } = TimeSpan.Zero;

    internal IEnumerable<string> Problems()
    {
        var ages = ThirdParties.Select(t => (Setting: $"ThirdParties:{t.Key}", Age: t.Value, MayBeZero: false))
            .Prepend((nameof(KeepRollup), KeepRollup, true))
            .Prepend((nameof(KeepEvents), KeepEvents, true));
        foreach (var (setting, age, mayBeZero) in ages)
        {
            if (age < TimeSpan.FromDays(7) && !(mayBeZero && age == TimeSpan.Zero))
            {
                yield return $"{Section}:{setting} must be 7 days or more{(mayBeZero ? ", or 00:00:00 for ever" : "")}, not {age}";
            }
        }
    }
}

internal sealed class RetentionOptionsValidator : IValidateOptions<RetentionOptions>
{
    public ValidateOptionsResult Validate(string? name, RetentionOptions options)
        => options.Problems().ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
