using Microsoft.Extensions.Options;

namespace LocalCloud.Upstream;

internal static class UpstreamExtensions
{
    public static IServiceCollection AddUpstream(this IServiceCollection services)
    {
        services.AddOptions<UpstreamOptions>().BindConfiguration(UpstreamOptions.Section).ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<UpstreamOptions>, UpstreamOptionsValidator>()
            .AddSingleton<UpstreamBuckets>();
    }
}
