using Catalog.Worker.Jobs;

namespace Catalog.Worker.Views;

/// <summary>Puts the job <c>views</c> into a host.</summary>
internal static class ViewsExtensions
{
    public static IServiceCollection AddViews(this IServiceCollection services, IHostEnvironment environment)
    {
        services.AddSingleton(_ => ViewFiles.Load());
        services.AddSingleton<ViewCatalog>();

        // Views change with a deployment, which is a start; the schedule mends what somebody dropped or a field added.
        return services.AddJob<ViewsJob>(ViewsJob.JobName, environment.IsDevelopment() ? "*/5 * * * *" : "26 * * * *");
    }
}
