using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Alerts;

/// <summary>What is worth waking somebody: section <c>Jobs:alerts</c>, beside the schedule.</summary>
public sealed class AlertsOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = $"{JobOptions.Section}:{AlertsJob.JobName}";

    /// <summary>
    /// Where changes are posted as JSON: <c>text</c> for people, as chat services take it, and <c>alert</c>, <c>state</c> and
    /// <c>at</c> for programs. Empty: to the log and the metric alone.
    /// </summary>
    public string WebhookUrl { get; set; } = "";

    /// <summary>Traffic is compared from so many events an hour on; below, chance is larger than any alarm. 1 or more.</summary>
    public long MinEvents { get; set; } = 100;

    /// <summary>How many times more or fewer events than usual are an alert; more than 1.</summary>
    public double TrafficFactor { get; set; } = 3;

    /// <summary>The share of drops from which on its growth is an alert, 0 to 1.</summary>
    public double MaxDropShare { get; set; } = 0.01;

    /// <summary>The share of bots from which on its growth is an alert, 0 to 1.</summary>
    public double MaxBotShare { get; set; } = 0.2;

    /// <summary>How long an event may wait in a beacon.</summary>
    public TimeSpan MaxBacklogAge { get; set; } = TimeSpan.FromMinutes(30);

    internal IEnumerable<string> Problems()
    {
        if (WebhookUrl.Length > 0 && !(Uri.TryCreate(WebhookUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
        {
            yield return $"{Section}:WebhookUrl must be an http or https URL";
        }

        if (MinEvents < 1)
        {
            yield return $"{Section}:MinEvents must be 1 or more, not {MinEvents}";
        }

        if (TrafficFactor <= 1)
        {
            yield return $"{Section}:TrafficFactor must be more than 1, not {TrafficFactor}";
        }

        foreach (var (setting, share) in new[] { (nameof(MaxDropShare), MaxDropShare), (nameof(MaxBotShare), MaxBotShare) })
        {
            if (share is not (>= 0 and <= 1))
            {
                yield return $"{Section}:{setting} must be between 0 and 1, not {share}";
            }
        }

        if (MaxBacklogAge <= TimeSpan.Zero)
        {
            yield return $"{Section}:MaxBacklogAge must be longer than zero";
        }
    }
}

internal sealed class AlertsOptionsValidator : IValidateOptions<AlertsOptions>
{
    public ValidateOptionsResult Validate(string? name, AlertsOptions options)
        => options.Problems().ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
