using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Redrive;

/// <summary>Puts the job <c>redrive</c> into a host.</summary>
internal static class RedriveExtensions
{
    public static IServiceCollection AddRedrive(this IServiceCollection services)
    {
        services.AddOptions<RedriveOptions>().BindConfiguration(RedriveOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RedriveOptions>, RedriveOptionsValidator>();
        services.AddSingleton<Quarantine>();
        return services.AddJob<RedriveJob>(RedriveJob.JobName, "*/15 * * * *");
    }
}
