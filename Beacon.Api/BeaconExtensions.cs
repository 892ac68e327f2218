using System.Text;
using Beacon.Api.Delivery;
using Beacon.Api.Endpoints;
using Beacon.Api.Enrichment;
using Beacon.Api.Extraction;
using Beacon.Api.Journal;
using Beacon.Api.Ledger;
using Beacon.Api.Privacy;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using Pixel.Events;
using ServiceDefaults;

namespace Beacon.Api;

/// <summary>The beacon as a part of a web application.</summary>
public static class BeaconExtensions
{
    /// <summary>Adds everything the beacon needs.</summary>
    public static WebApplicationBuilder AddBeacon(this WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults();
        builder.Services.AddPixel().AddExtraction().AddPrivacy().AddEnrichment().AddDelivery(builder.Configuration).AddLedger(builder.Configuration);
        builder.WebHost.ConfigureKestrel(AcceptWhateverBrowsersSend);
        builder.Services.Configure<SocketTransportOptions>(AnswerWhereTheRequestArrives);
        return builder;
    }

    /// <summary>Maps the pixel and the probes.</summary>
    public static WebApplication MapBeacon(this WebApplication app)
    {
        app.UseOriginSecret();
        app.MapDefaultEndpoints();
        app.MapPixel();
        return app;
    }

    private static IServiceCollection AddPixel(this IServiceCollection services)
    {
        services.AddOptions<BeaconOptions>().BindConfiguration(BeaconOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BeaconOptions>, BeaconOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<BeaconMetrics>();
        services.AddSingleton<BeaconTracing>();
        services.AddSingleton<PixelImage>();
        services.AddSingleton<RejectedRequests>();
        services.AddSingleton<BeaconPipeline>();
        services.AddSingleton<ProcessorSpread>();
        services.AddSingleton<PixelEndpoint>();
        PixelServer.PutFirst(services);
        services.AddHealthChecks().AddCheck<AppendCheck>("accepting", tags: [HealthTags.Ready]);
        return services;
    }

    private static IServiceCollection AddExtraction(this IServiceCollection services)
    {
        services.AddOptions<FieldsOptions>().BindConfiguration(FieldsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<FieldsOptions>, FieldsOptionsValidator>();
        services.AddSingleton(sp => EventSchema.Load(sp.GetRequiredService<IOptions<FieldsOptions>>().Value.File));
        services.AddSingleton<ExtractionPlan>();
        services.AddSingleton(sp => new Lazy<ExtractionPlan>(sp.GetRequiredService<ExtractionPlan>));
        services.AddHostedService<MissingColumnsNotice>();
        services.AddSingleton<FieldExtractor>();
        services.AddSingleton<IPooledObjectPolicy<Draft>, Draft.Policy>();
        services.AddSingleton<ObjectPool<Draft>>(sp => new DefaultObjectPool<Draft>(sp.GetRequiredService<IPooledObjectPolicy<Draft>>(), maximumRetained: 256));
        return services;
    }

    private static IServiceCollection AddPrivacy(this IServiceCollection services)
    {
        services.AddOptions<PrivacyOptions>().BindConfiguration(PrivacyOptions.Section).ValidateOnStart();
        services.AddOptions<ProxyOptions>().BindConfiguration(ProxyOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProxyOptions>, ProxyOptionsValidator>();
        services.AddSingleton<OriginSecret>();
        services.AddSingleton<ClientAddress>();
        return services;
    }

    private static IServiceCollection AddEnrichment(this IServiceCollection services)
    {
        services.AddSingleton<Enrichers>();

        // Logic of your own beyond the field file: implement IEventEnricher and add it here, where every way of running
        // the beacon finds it. They run in this order.
        return services
            .AddEnricher<PageEnricher>()
            .AddEnricher<EdgeCountryEnricher>();
    }

    /// <summary>
    /// Raises the server's limits above what could be an honest request, so that the beacon itself answers, with the
    /// image and a counted reason. What is beyond them, or no HTTP, still gets the image from RejectedRequests.
    /// </summary>
    private static void AcceptWhateverBrowsersSend(KestrelServerOptions kestrel)
    {
        RejectedRequests.WatchEndpoints(kestrel);
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestLineSize = 1280 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 512 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 5000;
        kestrel.Limits.MaxRequestBufferSize = 2 * 1024 * 1024; // at least a request line

        // Latin-1 takes any byte; UTF-8, the default, refuses a request whose user agent is not UTF-8. See HeaderText.
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
    }

    /// <summary>
    /// A request is read, answered and sent by the thread that learned of its bytes (see <see cref="SocketThreads"/>), without
    /// hand-overs to other threads, which cost as much as a fifth of the server's own time. The server calls it unsafe because code
    /// that blocks would hold up other connections; an <see cref="IEventSink"/> does not block.
    /// </summary>
    private static void AnswerWhereTheRequestArrives(SocketTransportOptions sockets) => sockets.UnsafePreferInlineScheduling = true;
}
