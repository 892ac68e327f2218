using LocalCloud.S3.Multipart;

namespace LocalCloud.S3;

internal static class S3Extensions
{
    public static IServiceCollection AddS3(this IServiceCollection services) => services
        .AddSingleton<ObjectStore>()
        .AddSingleton<BucketSettings>()
        .AddSingleton<MultipartUploads>()
        .AddSingleton<BucketOperations>()
        .AddSingleton<BucketSettingOperations>()
        .AddSingleton<ListOperations>()
        .AddSingleton<ObjectOperations>()
        .AddSingleton<CopyOperations>()
        .AddSingleton<DeleteOperations>()
        .AddSingleton<TaggingOperations>()
        .AddSingleton<MultipartOperations>()
        .AddSingleton<S3Endpoint>();
}
