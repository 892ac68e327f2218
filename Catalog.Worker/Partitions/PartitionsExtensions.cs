using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Partitions;

/// <summary>Puts the job <c>load-partitions</c> into a host.</summary>
internal static class PartitionsExtensions
{
    public static IServiceCollection AddPartitions(this IServiceCollection services, IHostEnvironment environment)
    {
        services.AddOptions<LateWindowOptions>().BindConfiguration(LateWindowOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LateWindowOptions>, LateWindowOptionsValidator>();
        services.AddSingleton<LakeListing>();
        services.AddSingleton<PartitionTable>();

        // Elsewhere a minute after the longest time that Firehose collects (15 minutes): an hour's first object is there.
        return services.AddJob<LoadPartitionsJob>(LoadPartitionsJob.JobName, environment.IsDevelopment() ? "* * * * *" : "16 * * * *");
    }
}
