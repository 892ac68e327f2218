using Beacon.Api.Delivery;
using Beacon.Api.Endpoints;

namespace Beacon.Api;

/// <summary>The host of a beacon that is a program of its own.</summary>
internal static class BeaconHost
{
    /// <summary>
    /// The framework would watch the settings files for changes, and for that every folder below the working directory:
    /// with a journal there, it is told of each write. Nothing but the log's levels would follow such a change. A command
    /// line that says the opposite wins.
    /// </summary>
    private const string ReadSettingsOnce = "--hostBuilder:reloadConfigOnChange=false";

    /// <summary>
    /// Begins with what a web server of one endpoint needs, which starts sooner than the framework's usual set and holds
    /// less. Settings files, variables, the command line, <c>AllowedHosts</c> and <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c> work
    /// as always; IIS, hosting startup assemblies and the logs for debuggers and event listeners are left out.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        PrebuiltTypes.Keep();
        var builder = WebApplication.CreateSlimBuilder([ReadSettingsOnce, .. args]);
        if (DeliveryModes.Of(builder.Configuration) == DeliveryMode.Journal)
        {
            SocketThreads.Answer();
        }

        if (ListensOnHttps(builder.Configuration))
        {
            builder.WebHost.UseKestrelHttpsConfiguration().UseQuic();
        }

        return builder;
    }

    private static bool ListensOnHttps(IConfiguration configuration) =>
        IsHttps(configuration[WebHostDefaults.ServerUrlsKey])
        || !string.IsNullOrEmpty(configuration[WebHostDefaults.HttpsPortsKey])
        || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any(endpoint => IsHttps(endpoint["Url"]));

    private static bool IsHttps(string? urls) => urls?.Contains("https://", StringComparison.OrdinalIgnoreCase) is true;
}
