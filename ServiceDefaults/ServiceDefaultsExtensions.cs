using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServiceDefaults;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of the product has: telemetry, health, service discovery and HTTP clients that retry.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds the defaults. Call it before anything else, so that what follows can override it.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddQuietLogging();
        builder.AddTelemetry();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [HealthTags.Live]);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
        return builder;
    }

    // ASP.NET Core's request log prints whole query strings, which here hold what people did. A default below all other
    // configuration and not a filter, so that a "Logging" section still decides.
    private static void AddQuietLogging(this IHostApplicationBuilder builder)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData =
            [
                new("Logging:LogLevel:Microsoft.AspNetCore", "Warning"),
                // Two lines for each HTTP call that went well.
                new("Logging:LogLevel:Polly", "Warning"),
            ],
        });
        StartFailureLogging.Quieten(builder);
    }
}
