using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Beacon.Api.Journal;

internal static class JournalExtensions
{
    /// <summary>Registers the journal as the beacon's <see cref="IEventSink"/>; settings in section <c>Journal</c>.</summary>
    public static IServiceCollection AddJournal(this IServiceCollection services)
    {
        services.AddOptions<JournalOptions>().BindConfiguration(JournalOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<JournalOptions>, JournalOptionsValidator>();

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<JournalMetrics>();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<JournalOptions>>().Value;
            var time = provider.GetRequiredService<TimeProvider>();
            var logger = provider.GetRequiredService<ILogger<EventJournal>>();
            return options.Shared ? SharedFolder.Open(options, time, logger) : EventJournal.Open(options, time, logger);
        });
        services.AddSingleton<IEventSink>(provider => provider.GetRequiredService<EventJournal>());
        services.AddHostedService<JournalWatch>();
        return services;
    }
}
