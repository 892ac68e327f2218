using Microsoft.Extensions.Options;

namespace Catalog.Worker.LateWindow;

/// <summary>Puts the late window into a host.</summary>
internal static class LateWindowExtensions
{
    public static IServiceCollection AddLateWindow(this IServiceCollection services)
    {
        services.AddOptions<LateWindowOptions>().BindConfiguration(LateWindowOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LateWindowOptions>, LateWindowOptionsValidator>();
        return services.AddSingleton<LateWindowStart>();
    }
}
