using System.Globalization;
using Amazon.KinesisFirehose;
using Beacon.Api.Delivery;
using Beacon.Api.Journal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Beacon.Api.Tests.Delivery;

/// <summary>What keeps events and the delivery in a host of their own, with the real client, as the beacon registers them.</summary>
internal sealed class DeliveringBeacon : IAsyncDisposable
{
    private readonly IHost _host;

    private DeliveringBeacon(IHost host) => _host = host;

    public IEventSink Sink => _host.Services.GetRequiredService<IEventSink>();

    public EventJournal Journal => _host.Services.GetRequiredService<EventJournal>();

    public DeliveryStatus Status => _host.Services.GetRequiredService<DeliveryState>().Current;

    public FakeLogCollector Log => _host.Services.GetRequiredService<FakeLogCollector>();

    public IServiceProvider Services => _host.Services;

    public static async Task<DeliveringBeacon> StartAsync(
        string folder, string url, TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Journal:Folder"] = folder,
            ["AWS:ServiceURL"] = url,
            ["AWS:AccessKey"] = "test",
            ["AWS:SecretKey"] = "test",
            ["AWS:Resources:EventStreamName"] = "the-stream",
            ["Delivery:DeliverEvery"] = "00:00:00.005",
            ["Delivery:BatchSize"] = (4 << 20).ToString(CultureInfo.InvariantCulture), // several records in a put
            ["Delivery:RetryBase"] = "00:00:00.001",
            ["Delivery:RetryCap"] = "00:00:00.010",
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value));
        builder.Logging.AddFakeLogging();
        builder.Services.AddMetrics();
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.AddDelivery(builder.Configuration);
        var host = builder.Build();
        await host.StartAsync();
        return new DeliveringBeacon(host);
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    /// <summary>Ends as a killed process does, as far as one process can: no drain, no checkpoint any more.</summary>
    public async Task StopWithoutDrainAsync()
    {
        await _host.StopAsync(new CancellationToken(canceled: true));
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
