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
        services.AddSingleton<ResourceType, RoleType>();
        services.AddSingleton<ResourceType, PolicyType>();
        services.AddSingleton<ResourceType, LogGroupType>();
        services.AddSingleton<ResourceType, LogStreamType>();
        services.AddSingleton<ResourceType, AlarmType>();
        services.AddSingleton<ResourceType, TopicType>();
        services.AddSingleton<ResourceType, TopicPolicyType>();
        services.AddSingleton<ResourceType, SubscriptionType>();
        services.AddSingleton<ResourceCatalog>();
        services.AddSingleton<StackStore>();
        services.AddSingleton<StackBuilder>();
        services.AddSingleton(provider => new StackOutputs(provider.GetRequiredService<StackStore>()));
        return services.AddHostedService<StackBoot>();
    }

    /// <summary>Maps the endpoints that show stacks.</summary>
    public static IEndpointRouteBuilder MapStacks(this IEndpointRouteBuilder app)
    {
        app.MapGet("/_localcloud/stacks", StackEndpoints.All);
        app.MapGet("/_localcloud/stacks/{name}", StackEndpoints.Outputs);
        return app;
    }
}
