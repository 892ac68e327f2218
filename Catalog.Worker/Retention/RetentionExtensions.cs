using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Retention;

/// <summary>Puts the job <c>retention</c> into a host.</summary>
internal static class RetentionExtensions
{
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionOptionsValidator>();
        services.AddSingleton<ThirdPartyRetention>();
        return services.AddJob<RetentionJob>(RetentionJob.JobName, "20 4 * * *");
    }
}
