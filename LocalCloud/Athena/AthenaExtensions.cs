using LocalCloud.Athena.Scanning;
using LocalCloud.Glue;
using LocalCloud.Protocol;
using LocalCloud.S3;
using LocalCloud.Upstream;
using Microsoft.Extensions.Options;

namespace LocalCloud.Athena;

/// <summary>How queries are run: section <c>LocalCloud:Athena</c>.</summary>
public sealed class AthenaOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "LocalCloud:Athena";

    /// <summary>How many queries run at once; the others wait.</summary>
    [System.ComponentModel.DataAnnotations.Range(1, 64)]
    public int ConcurrentQueries { get; set; } = 4;

    /// <summary>How many threads a query uses; all processors, but at most four, when 0.</summary>
    [System.ComponentModel.DataAnnotations.Range(0, 64)]
    public int Threads { get; set; }

    /// <summary>The most memory a query takes, with a unit (<c>1GB</c>); it goes to disk with the rest.</summary>
    [System.ComponentModel.DataAnnotations.RegularExpression("^[0-9]+ ?(MB|GB|MiB|GiB)$", ErrorMessage = "LocalCloud:Athena:MemoryLimit must be a size such as 1GB.")]
    public string MemoryLimit { get; set; } = "1GB";
}

[OptionsValidator]
internal sealed partial class AthenaOptionsValidator : IValidateOptions<AthenaOptions>;

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
