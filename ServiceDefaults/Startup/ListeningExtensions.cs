using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace ServiceDefaults;

/// <summary>Where a service listens.</summary>
public static class ListeningExtensions
{
    /// <summary>
    /// Listens on an address of this machine's own unless one is configured in any of the usual ways: <c>--urls</c>,
    /// <c>ASPNETCORE_URLS</c>, <c>ASPNETCORE_HTTP_PORTS</c> (which container images set) or <c>Kestrel:Endpoints</c>. Not
    /// as <c>Urls</c> in a settings file, which would beat the variables.
    /// </summary>
    public static WebApplicationBuilder ListenOnLoopbackUnlessTold(this WebApplicationBuilder builder, string url)
    {
        var configuration = builder.Configuration;
        var told = configuration[WebHostDefaults.ServerUrlsKey] ?? configuration[WebHostDefaults.HttpPortsKey] ?? configuration[WebHostDefaults.HttpsPortsKey];
        if (string.IsNullOrEmpty(told) && !configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(url);
        }

        return builder;
    }
}
