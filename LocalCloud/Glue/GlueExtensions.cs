using LocalCloud.Protocol;
using Microsoft.Extensions.Options;

namespace LocalCloud.Glue;

/// <summary>Puts Glue into LocalCloud.</summary>
internal static class GlueExtensions
{
    /// <summary>Adds the catalog, for use in the process, and its API.</summary>
    public static IServiceCollection AddGlue(this IServiceCollection services)
    {
        services.AddSingleton(provider => new GlueCatalog(
            provider.GetRequiredService<DataFolder>().Subfolder("glue"),
            provider.GetRequiredService<IOptions<LocalCloudOptions>>().Value.AccountId,
            provider.GetRequiredService<TimeProvider>()));
        services.AddAwsJsonService<GlueApi>();
        return services;
    }
}
