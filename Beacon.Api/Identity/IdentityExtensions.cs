using Amazon.Runtime;
using Amazon.SecurityToken;
using Beacon.Api.Delivery;
using Microsoft.Extensions.Options;

namespace Beacon.Api.Identity;

internal static class IdentityExtensions
{
    /// <summary>Registers who the beacon is to AWS: <see cref="BeaconCredentials"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The settings, the environment among them.</param>
    /// <param name="configure">What the client of STS needs where threads that wait for sockets answer requests.</param>
    public static IServiceCollection AddIdentity(this IServiceCollection services, IConfiguration configuration, Action<ClientConfig> configure)
    {
        services.AddAwsClient<IAmazonSecurityTokenService>(configure, provider => provider.GetRequiredService<BeaconCredentials>().Own);
        services.AddSingleton(provider => new BeaconCredentials(
            provider.GetRequiredService<IOptions<DeliveryOptions>>().Value,
            WebIdentity.Of(configuration),
            provider.GetRequiredService<IAmazonSecurityTokenService>,
            provider.GetRequiredService<TimeProvider>(),
            Random.Shared.NextDouble,
            provider.GetRequiredService<ILoggerFactory>()));
        return services.AddHostedService(provider => provider.GetRequiredService<BeaconCredentials>());
    }
}
