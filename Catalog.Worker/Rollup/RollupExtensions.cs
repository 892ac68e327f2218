using Catalog.Worker.Jobs;

namespace Catalog.Worker.Rollup;

/// <summary>Puts the job <c>rollup</c> into a host.</summary>
internal static class RollupExtensions
{
    public static IServiceCollection AddRollup(this IServiceCollection services)
    {
        services.AddSingleton<RollupTable>();
        services.AddSingleton<RollupSources>();
        // Not at the start: it asks the views, which are made then.
        return services.AddJob<RollupJob>(RollupJob.JobName, "50 * * * *", runAtStart: false);
    }
}
