using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ServiceDefaults;

/// <summary>Logs, metrics and traces for OpenTelemetry.</summary>
internal static class TelemetryExtensions
{
    /// <summary>Every meter and activity source of the product begins with this.</summary>
    private const string Ours = "Pixel.*";

    /// <summary>
    /// How many combinations of tags one instrument may have; what comes after them is summed up without its tags. The
    /// usual 2000 are set aside at the start for each instrument, about 3 MB in all, and no instrument here has a hundred.
    /// </summary>
    private const int Combinations = 200;

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection(TelemetryOptions.Section).Get<TelemetryOptions>() ?? new();
        if (!options.Enabled)
        {
            return;
        }

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(Ours)
                .AddView(_ => new MetricStreamConfiguration { CardinalityLimit = Combinations }));

        // For whoever adds an exporter of their own.
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing
            .AddSource(builder.Environment.ApplicationName, Ours)
            // Probes come every few seconds and say nothing.
            .AddAspNetCoreInstrumentation(http => http.Filter = context => !HealthEndpoints.Is(context.Request.Path))
            .AddHttpClientInstrumentation(http => http.EnrichWithHttpRequestMessage = AwsCall.Describe));

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            // Spans that nobody collects are not begun: events would carry the ids of traces that are nowhere.
            telemetry.WithTracing().UseOtlpExporter();
            builder.Services.AddHostedService<LastTelemetry>();
        }
    }
}
