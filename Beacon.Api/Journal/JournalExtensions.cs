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
        services.AddSingleton(provider => EventJournal.Open(
            provider.GetRequiredService<IOptions<JournalOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<EventJournal>>()));
        services.AddSingleton<IEventSink>(provider => provider.GetRequiredService<EventJournal>());
        services.AddHostedService<JournalWatch>();
        return services;
    }
}
