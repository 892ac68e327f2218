using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Alerts;

/// <summary>Puts the job <c>alerts</c> into a host.</summary>
internal static class AlertsExtensions
{
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        services.AddOptions<AlertsOptions>().BindConfiguration(AlertsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AlertsOptions>, AlertsOptionsValidator>();
        services.AddHttpClient(nameof(AlertChannel));
        services.AddSingleton<AlertReadings>();
        services.AddSingleton<AlertChannel>();
        services.AddSingleton<AlertMetrics>();
        // Not at the start: it asks the views, which are made then.
        return services.AddJob<AlertsJob>(AlertsJob.JobName, "*/15 * * * *", runAtStart: false);
    }
}
