using Amazon.KinesisFirehose;
using Beacon.Api.Journal;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;
using ServiceDefaults;

namespace Beacon.Api.Delivery;

internal static class DeliveryExtensions
{
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Registers the service that passes the journal's events on to Firehose; settings in section <c>Delivery</c>, the
    /// stream's name in <see cref="LakeOptions"/>. Needs <see cref="JournalExtensions.AddJournal"/>.
    /// </summary>
    public static IServiceCollection AddDelivery(this IServiceCollection services)
    {
        services.AddOptions<DeliveryOptions>()
            .Configure<IHostEnvironment>((options, environment) =>
                options.DeliverEvery = environment.IsDevelopment() ? TimeSpan.FromSeconds(1) : options.DeliverEvery)
            .BindConfiguration(DeliveryOptions.Section)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<DeliveryOptions>, DeliveryOptionsValidator>();
        services.AddOptions<LakeOptions>().BindConfiguration(LakeOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LakeOptions>, LakeOptionsValidator>();

        // Else the host would end the drain before its time.
        services.AddOptions<HostOptions>().PostConfigure<IOptions<DeliveryOptions>>((host, delivery) =>
        {
            try
            {
                var needed = delivery.Value.DrainTimeout + StopMargin;
                host.ShutdownTimeout = host.ShutdownTimeout > needed ? host.ShutdownTimeout : needed;
            }
            catch (OptionsValidationException)
            {
                // The start will say so, together with everything else that is wrong.
            }
        });

        // One try a call: the client's own retries would hide failures from our back-off and multiply it.
        services.AddAwsClient<IAmazonKinesisFirehose>(client => client.MaxErrorRetry = 0);

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DeliveryMetrics>();
        services.AddSingleton<DeliveryState>();
        services.AddSingleton(provider => new FirehoseSender(
            provider.GetRequiredService<IAmazonKinesisFirehose>,
            provider.GetRequiredService<IOptions<LakeOptions>>().Value.EventStreamName,
            provider.GetRequiredService<IOptions<DeliveryOptions>>().Value.PutTimeout,
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<DeliveryService>(provider, (Func<double>)Random.Shared.NextDouble));
        services.AddHealthChecks().AddCheck<DeliveryHealthCheck>("delivery", tags: [HealthTags.Ready]);
        return services;
    }
}
