using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Schema;

/// <summary>Puts the job <c>schema</c> into a host.</summary>
internal static class SchemaExtensions
{
    public static IServiceCollection AddSchema(this IServiceCollection services)
    {
        services.AddOptions<SchemaOptions>().BindConfiguration(SchemaOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SchemaOptions>, SchemaOptionsValidator>();
        services.AddSingleton<ParquetFooter>();
        return services.AddJob<SchemaJob>(SchemaJob.JobName, "6 * * * *");
    }
}
