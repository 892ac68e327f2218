using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Partitions;

/// <summary>Puts the jobs <c>load-partitions</c> and <c>repair-partitions</c> into a host.</summary>
internal static class PartitionsExtensions
{
    public static IServiceCollection AddPartitions(this IServiceCollection services, IHostEnvironment environment)
    {
        services.AddOptions<LoadPartitionsOptions>()
            .Configure<IConfiguration>((options, configuration) => options.FollowTraces = !string.IsNullOrWhiteSpace(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            .BindConfiguration(LoadPartitionsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LoadPartitionsOptions>, LoadPartitionsOptionsValidator>();
        services.AddSingleton<LakeListing>();
        services.AddSingleton<ConcurrentChanges>();
        services.AddSingleton<PartitionTable>();
        services.AddSingleton<PartitionRepair>();
        services.AddSingleton<HourSources>();

        // Elsewhere a minute after the longest time that Firehose collects (15 minutes): an hour's first object is there.
        services.AddJob<LoadPartitionsJob>(LoadPartitionsJob.JobName, environment.IsDevelopment() ? "* * * * *" : "16 * * * *");
        return services.AddJob<RepairPartitionsJob>(RepairPartitionsJob.JobName, "40 3 * * *");
    }
}
