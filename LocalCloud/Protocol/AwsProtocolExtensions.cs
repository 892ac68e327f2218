namespace LocalCloud.Protocol;

/// <summary>Registers services that speak an AWS protocol.</summary>
public static class AwsProtocolExtensions
{
    /// <summary>Adds a service that speaks AWS JSON; it is also injectable by its own type.</summary>
    public static IServiceCollection AddAwsJsonService<T>(this IServiceCollection services)
        where T : AwsJsonService
    {
        services.AddSingleton<T>();
        return services.AddSingleton<AwsJsonService>(provider => provider.GetRequiredService<T>());
    }

    /// <summary>Adds a service that speaks the query protocol; it is also injectable by its own type.</summary>
    public static IServiceCollection AddAwsQueryService<T>(this IServiceCollection services)
        where T : AwsQueryService
    {
        services.AddSingleton<T>();
        return services.AddSingleton<AwsQueryService>(provider => provider.GetRequiredService<T>());
    }

    internal static IServiceCollection AddAwsProtocols(this IServiceCollection services) => services
        .AddSingleton<AwsJsonEndpoint>()
        .AddSingleton<AwsQueryEndpoint>();
}
