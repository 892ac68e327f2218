using Amazon.KinesisFirehose;
using Amazon.Runtime;
using Amazon.SQS;
using Beacon.Api.Delivery.GroupCommit;
using Beacon.Api.Delivery.Quiet;
using Beacon.Api.Delivery.WriteThrough;
using Beacon.Api.Identity;
using Beacon.Api.Journal;
using Beacon.Api.Ledger;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;
using ServiceDefaults;

namespace Beacon.Api.Delivery;

internal static class DeliveryExtensions
{
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(10);
    private static readonly Func<double> Jitter = Random.Shared.NextDouble;

    /// <summary>
    /// Registers what events are kept in, as the beacon's <see cref="IEventSink"/>, and what passes them on to Firehose;
    /// settings in section <c>Delivery</c>, the stream's name in <see cref="LakeOptions"/>. Which of the modes it is
    /// must stand in the configuration by now.
    /// </summary>
    public static IServiceCollection AddDelivery(this IServiceCollection services, IConfiguration configuration)
    {
        var mode = DeliveryModes.Of(configuration);
        services.AddDeliveryOptions(mode).AddFirehose(configuration, mode);
        return mode switch
        {
            DeliveryMode.WriteThrough => services.AddWriteThrough(),
            DeliveryMode.GroupCommit => services.AddJournal().AddJournalDelivery().AddOrphans(configuration).AddGroupCommit(),
            _ => services.AddJournal().AddJournalDelivery().AddOrphans(configuration),
        };
    }

    private static IServiceCollection AddDeliveryOptions(this IServiceCollection services, DeliveryMode mode)
    {
        services.AddOptions<DeliveryOptions>()
            .Configure<IHostEnvironment>((options, environment) =>
            {
                options.Mode = mode;
                if (environment.IsDevelopment() || mode == DeliveryMode.GroupCommit)
                {
                    options.DeliverEvery = TimeSpan.FromSeconds(1);
                }
            })
            .BindConfiguration(DeliveryOptions.Section)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<DeliveryOptions>, DeliveryOptionsValidator>();
        services.AddOptions<LakeOptions>().BindConfiguration(LakeOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LakeOptions>, LakeOptionsValidator>();

        // Else the host would end the drain, or the requests that wait, before their time.
        services.AddOptions<HostOptions>().PostConfigure<IOptions<DeliveryOptions>>((host, delivery) =>
        {
            try
            {
                var options = delivery.Value;
                var needed = StopMargin + (mode == DeliveryMode.WriteThrough ? options.RequestTimeout + options.OverflowTimeout
                    : mode == DeliveryMode.GroupCommit ? (2 * options.RequestTimeout) + options.DrainTimeout
                    : options.DrainTimeout);
                host.ShutdownTimeout = host.ShutdownTimeout > needed ? host.ShutdownTimeout : needed;
            }
            catch (OptionsValidationException)
            {
                // The start will say so, together with everything else that is wrong.
            }
        });
        return services;
    }

    private static IServiceCollection AddFirehose(this IServiceCollection services, IConfiguration configuration, DeliveryMode mode)
    {
        var thread = new QuietThread("delivery");
        services.AddSingleton(_ => thread);
        services.AddAwsClient<IAmazonKinesisFirehose>(
            client =>
            {
                client.MaxErrorRetry = 0; // one try a call: the client's own retries would hide failures from our back-off and multiply it
                GoQuietly(client);
            },
            provider => provider.GetRequiredService<BeaconCredentials>().ForStream);
        services.AddIdentity(configuration, GoQuietly);

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DeliveryMetrics>();
        services.AddSingleton(provider => new DeliveryState(
            provider.GetService<EventJournal>() is { } journal ? () => journal.Status.Undelivered : () => 0,
            provider.GetRequiredService<IOptions<DeliveryOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<DeliveryState>>()));
        services.AddSingleton(provider => new FirehoseSender(
            provider.GetRequiredService<IAmazonKinesisFirehose>,
            provider.GetRequiredService<IOptions<LakeOptions>>().Value.EventStreamName,
            provider.GetRequiredService<DeliveryState>(),
            provider.GetRequiredService<DeliveryMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<BeaconCredentials>().ForStream));
        services.AddHealthChecks().AddCheck<DeliveryHealthCheck>("delivery", tags: [HealthTags.Ready]);
        return services;

        void GoQuietly(ClientConfig client)
        {
            if (mode == DeliveryMode.Journal)
            {
                client.HttpClientFactory = new QuietHttpClients(thread); // in the other modes requests wait for it
            }
        }
    }

    private static IServiceCollection AddJournalDelivery(this IServiceCollection services) =>
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<DeliveryService>(provider, Jitter));

    private static IServiceCollection AddOrphans(this IServiceCollection services, IConfiguration configuration) =>
        bool.TryParse(configuration[$"{JournalOptions.Section}:{nameof(JournalOptions.Shared)}"], out var isShared) && isShared
            ? services.AddHostedService<OrphanDelivery>()
            : services;

    /// <summary>Puts itself before the journal as the sink.</summary>
    private static IServiceCollection AddGroupCommit(this IServiceCollection services)
    {
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<GroupCommitSink>(provider, Jitter));
        return services.AddSingleton<IEventSink>(provider => provider.GetRequiredService<GroupCommitSink>());
    }

    private static IServiceCollection AddWriteThrough(this IServiceCollection services)
    {
        // Not with the stream's role: the queue is in the beacon's own account.
        services.AddAwsClient<IAmazonSQS>(credentials: provider => provider.GetRequiredService<BeaconCredentials>().Own);
        return services.AddSingleton<IEventSink>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<DeliveryOptions>>().Value;
            var time = provider.GetRequiredService<TimeProvider>();
            return new WriteThroughSink(
                provider.GetRequiredService<FirehoseSender>(),
                provider.GetRequiredService<DeliveryState>(),
                provider.GetRequiredService<DeliveryMetrics>(),
                provider.GetRequiredService<IOptions<DeliveryOptions>>(),
                time,
                Jitter,
                string.IsNullOrEmpty(options.OverflowQueueUrl)
                    ? null
                    : new OverflowQueue(provider.GetRequiredService<IAmazonSQS>, options.OverflowQueueUrl, options.OverflowTimeout, time,
                        provider.GetRequiredService<BeaconCredentials>().Own),
                provider.GetService<BeaconLedger>());
        });
    }
}
