using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Erasure;

/// <summary>Puts the job <c>erasure</c> into a host.</summary>
internal static class ErasureExtensions
{
    public static IServiceCollection AddErasure(this IServiceCollection services)
    {
        services.AddOptions<ErasureOptions>().BindConfiguration(ErasureOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ErasureOptions>, ErasureOptionsValidator>();
        services.AddSingleton<Erasures>();
        services.AddSingleton<HourEraser>();
        services.AddSingleton<LineFiles>();
        services.AddSingleton<RollupEraser>();
        services.AddSingleton<QueryResults>();
        services.AddSingleton<ReceiptSigner>();
        services.ConfigureHttpJsonOptions(http => http.SerializerOptions.TypeInfoResolverChain.Insert(0, ErasureHttpJson.Default));
        return services.AddJob<ErasureJob>(ErasureJob.JobName, "40 * * * *");
    }
}
