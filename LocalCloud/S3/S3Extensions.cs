namespace LocalCloud.S3;

internal static class S3Extensions
{
    public static IServiceCollection AddS3(this IServiceCollection services) => services
        .AddSingleton<ObjectStore>()
        .AddSingleton<S3Endpoint>();
}
