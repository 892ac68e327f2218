using LocalCloud.Templates.Paper;
using LocalCloud.Templates.Resources;

namespace LocalCloud.Templates;

/// <summary>Puts CloudFormation templates into LocalCloud.</summary>
internal static class TemplatesExtensions
{
    /// <summary>Registers it; after the services, whose own start comes before the template's.</summary>
    public static IServiceCollection AddTemplates(this IServiceCollection services)
    {
        services.AddSingleton<InProcessAws>();
        services.AddSingleton<ResourceType, BucketType>();
        services.AddSingleton<ResourceType, BucketPolicyType>();
        services.AddSingleton<ResourceType, DeliveryStreamType>();
        services.AddSingleton<ResourceType, GlueDatabaseType>();
        services.AddSingleton<ResourceType, GlueTableType>();
        services.AddSingleton<ResourceType, WorkGroupType>();
        services.AddSingleton<ResourceType, QueueType>();
        services.AddSingleton<ResourceType, QueuePolicyType>();
        foreach (var type in PaperTypes.All)
        {
            services.AddSingleton<ResourceType>(type);
        }

        services.AddSingleton<ResourceCatalog>();
        services.AddSingleton<StackStore>();
        services.AddSingleton<StackBuilder>();
        services.AddSingleton(provider => new StackOutputs(provider.GetRequiredService<StackStore>()));
        return services.AddHostedService<StackBoot>();
    }

    /// <summary>Maps the endpoints that show stacks, and those that make and delete them.</summary>
    public static IEndpointRouteBuilder MapStacks(this IEndpointRouteBuilder app)
    {
        app.MapGet("/_localcloud/stacks", StackEndpoints.All);
        app.MapGet("/_localcloud/stacks/{name}", StackEndpoints.Outputs);
        app.MapPut("/_localcloud/stacks/{name}", StackEndpoints.PutAsync);
        app.MapDelete("/_localcloud/stacks/{name}", StackEndpoints.DeleteAsync);
        return app;
    }
}
