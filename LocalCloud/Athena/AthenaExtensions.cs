using LocalCloud.Athena.Scanning;
using LocalCloud.Glue;
using LocalCloud.Protocol;
using LocalCloud.S3;
using LocalCloud.Upstream;
using Microsoft.Extensions.Options;

namespace LocalCloud.Athena;

/// <summary>Puts Athena into LocalCloud.</summary>
internal static class AthenaExtensions
{
    /// <summary>Adds the workgroups, the queue of queries and the API.</summary>
    public static IServiceCollection AddAthena(this IServiceCollection services)
    {
        services.AddOptions<AthenaOptions>().BindConfiguration(AthenaOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AthenaOptions>, AthenaOptionsValidator>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<AthenaOptions>>().Value);
        services.AddSingleton(provider => new AthenaDatabase(Path.Combine(provider.GetRequiredService<DataFolder>().Subfolder("athena"), "athena.db")));
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<AthenaOptions>();
            return new QueryWorld(
                provider.GetRequiredService<GlueCatalog>(),
                provider.GetRequiredService<ObjectStore>(),
                provider.GetRequiredService<UpstreamBuckets>(),
                new RegisteredPartitions(provider.GetRequiredService<GlueCatalog>()),
                new ColumnSizes(),
                new JsonLines(),
                provider.GetRequiredService<TimeProvider>(),
                Path.Combine(provider.GetRequiredService<DataFolder>().Subfolder("athena"), "scan"),
                options.MemoryLimit,
                options.Threads > 0 ? options.Threads : Math.Min(Environment.ProcessorCount, 4));
        });
        services.AddSingleton<WorkGroups>();
        services.AddSingleton<QueryQueue>();
        services.AddHostedService(provider => provider.GetRequiredService<QueryQueue>());
        return services.AddAwsJsonService<AthenaApi>();
    }
}
