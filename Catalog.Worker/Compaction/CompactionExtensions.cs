using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Compaction;

/// <summary>Puts the job <c>compaction</c> into a host.</summary>
internal static class CompactionExtensions
{
    public static IServiceCollection AddCompaction(this IServiceCollection services)
    {
        services.AddOptions<CompactionOptions>().BindConfiguration(CompactionOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CompactionOptions>, CompactionOptionsValidator>();
        services.AddSingleton<Manifests>();
        services.AddSingleton<InputTable>();
        services.AddSingleton<HourRewriter>();
        services.AddSingleton<InputCleanup>();
        services.AddSingleton<StandardQuestions>();
        return services.AddJob<CompactionJob>(CompactionJob.JobName, "35 * * * *");
    }
}
