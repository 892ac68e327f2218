using Beacon.Api.Delivery;
using Beacon.Api.Endpoints;
using Beacon.Api.Extraction;
using Beacon.Api.Identity;
using Beacon.Api.Journal;
using Beacon.Api.Privacy;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Instrumentation.Http;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Pixel.Events.Lake;
using ServiceDefaults;

namespace Beacon.Api;

/// <summary>
/// The framework's generic services, closed over the settings and the log categories that a start asks for. The container
/// closes them by reflection; in a native program each that no code names is put together at run time, about a hundred
/// of them, a third of the start. Named here, the compiler has them ready. Nothing calls these, and a type that is missing
/// or too much changes nothing but the time of a start.
/// </summary>
internal static class PrebuiltTypes
{
    private static readonly Func<object>[] Named =
    [
        Settings<AwsOptions>, Settings<BeaconOptions>, Settings<DeliveryOptions>, Settings<FieldsOptions>, Settings<JournalOptions>,
        Settings<LakeOptions>, Settings<PrivacyOptions>, Settings<ProxyOptions>,

        Settings<ConsoleFormatterOptions>, Settings<ConsoleLifetimeOptions>, Settings<ConsoleLoggerOptions>, Settings<ForwardedHeadersOptions>,
        Settings<HealthCheckServiceOptions>, Settings<HostFilteringOptions>, Settings<HostOptions>, Settings<JsonConsoleFormatterOptions>,
        Settings<KestrelServerOptions>, Settings<LoggerFactoryOptions>, Settings<LoggerFilterOptions>, Settings<RouteOptions>,
        Settings<SimpleConsoleFormatterOptions>, Settings<SocketTransportOptions>,

        Settings<AspNetCoreTraceInstrumentationOptions>, Settings<BatchExportActivityProcessorOptions>, Settings<HttpClientTraceInstrumentationOptions>,
        Settings<LogRecordExportProcessorOptions>, Settings<MetricReaderOptions>, Settings<OpenTelemetryLoggerOptions>, Settings<OtlpExporterOptions>,
        Settings<PeriodicExportingMetricReaderOptions>,

        Category<BeaconPipeline>, Category<DeliveryService>, Category<EventJournal>, Category<JournalReader>, Category<RenewedCredentials>,
    ];

    /// <summary>Keeps the list; without a use of it the compiler would leave it out.</summary>
    public static void Keep() => GC.KeepAlive(Named);

    private static object Settings<T>()
        where T : class, new() =>
        (new OptionsMonitor<T>(new OptionsFactory<T>([], [], []), [], new OptionsCache<T>()), new OptionsManager<T>(new OptionsFactory<T>([], [])));

    private static object Category<T>() => new Logger<T>(NullLoggerFactory.Instance);
}
