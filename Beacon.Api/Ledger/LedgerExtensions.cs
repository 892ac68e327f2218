using Beacon.Api.Delivery;
using Microsoft.Extensions.Options;

namespace Beacon.Api.Ledger;

internal static class LedgerExtensions
{
    /// <summary>Registers the ledger; after the delivery, so that it is stopped before it.</summary>
    public static IServiceCollection AddLedger(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LedgerOptions>().BindConfiguration(LedgerOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LedgerOptions>, LedgerOptionsValidator>();
        services.AddSingleton<BeaconLedger>();
        services.AddSingleton(provider => new Lazy<BeaconLedger>(provider.GetRequiredService<BeaconLedger>));

        // Where nothing runs between two requests the counts go along with a request's event (WriteThroughSink).
        return DeliveryModes.Of(configuration) == DeliveryMode.WriteThrough ? services : services.AddHostedService<LedgerService>();
    }
}
