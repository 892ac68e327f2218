using System.Text;

namespace Beacon.Api.Extraction;

/// <summary>Says at the start which fields have no column yet, since nothing else would.</summary>
/// <param name="plan">Made when the settings are known to be right.</param>
/// <param name="logger">Where it is said.</param>
internal sealed partial class MissingColumnsNotice(Lazy<ExtractionPlan> plan, ILogger<MissingColumnsNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (plan.Value.NotInTable is { Length: > 0 } missing)
        {
            LogMissing(string.Join(", ", missing.Select(column => Encoding.UTF8.GetString(column.Name))));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "The events table has no columns for {Fields} yet, so their values also go to params: deploy the lake template.")]
    private partial void LogMissing(string fields);
}
