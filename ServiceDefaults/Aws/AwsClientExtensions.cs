using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ServiceDefaults;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>AWS clients from configuration.</summary>
public static class AwsClientExtensions
{
    /// <summary>
    /// Registers the SDK's client for an interface such as <c>IAmazonGlue</c>, as a singleton (they are made to be
    /// shared), with the settings of <see cref="AwsOptions"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">What this client needs beyond that, such as a time-out.</param>
    /// <param name="credentials">Keys of this client alone; where it gives none they are those of the settings.</param>
    /// <exception cref="OptionsValidationException">At the start, when the settings are wrong.</exception>
    public static IServiceCollection AddAwsClient<TService>(this IServiceCollection services, Action<ClientConfig>? configure = null, Func<IServiceProvider, AWSCredentials?>? credentials = null)
        where TService : class, IAmazonService
    {
        services.AddOptions<AwsOptions>().BindConfiguration(AwsOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AwsOptions>, AwsOptionsValidator>());
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<AwsOptions>>().Value;
            var config = TService.CreateDefaultClientConfig();
            Apply(options, config);
            configure?.Invoke(config);

            // Without credentials of ours the client looks for the SDK's at its first call, not now: a host starts,
            // and says what it lacks, even where there are none.
            var client = (TService)TService.CreateDefaultServiceClient(credentials?.Invoke(provider) ?? Credentials(options), config);
            if (client is AmazonServiceClient caller)
            {
                AwsCall.Follow(caller, config);
            }

            return client;
        });
        return services;
    }

    private static void Apply(AwsOptions options, ClientConfig config)
    {
        var region = options.Region is { Length: > 0 } named
            ? named
            : FallbackRegionFactory.GetRegionEndpoint(includeInstanceMetadata: false)?.SystemName ?? AwsOptions.DefaultRegion;
        config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        if (options.Profile is { Length: > 0 } profile)
        {
            config.Profile = new Profile(profile);
        }

        var endpoint = options.Endpoints.GetValueOrDefault(config.AuthenticationServiceName ?? "");
        if ((string.IsNullOrEmpty(endpoint) ? options.ServiceURL : endpoint) is { Length: > 0 } url)
        {
            config.ServiceURL = url;
        }

        if (!string.IsNullOrEmpty(config.ServiceURL))
        {
            // Ours, or the SDK's AWS_ENDPOINT_URL. A ServiceURL makes the SDK forget the region that it signs for, and
            // an emulator has no host name for each bucket.
            config.AuthenticationRegion = region;
            if (config is AmazonS3Config s3)
            {
                s3.ForcePathStyle = true;
            }
        }
    }

    private static AWSCredentials? Credentials(AwsOptions options)
        => string.IsNullOrEmpty(options.AccessKey) ? null
            : string.IsNullOrEmpty(options.SessionToken) ? new BasicAWSCredentials(options.AccessKey, options.SecretKey)
            : new SessionAWSCredentials(options.AccessKey, options.SecretKey, options.SessionToken);
}
