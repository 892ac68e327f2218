using LocalCloud.Protocol;

namespace LocalCloud.Sqs;

/// <summary>Puts SQS into LocalCloud.</summary>
internal static class SqsExtensions
{
    /// <summary>Adds the queues and their API, in both protocols.</summary>
    public static IServiceCollection AddSqs(this IServiceCollection services) => services
        .AddSingleton<QueueUrls>()
        .AddSingleton<QueueStore>()
        .AddAwsJsonService<SqsApi>()
        .AddAwsQueryService<SqsQueryApi>();
}
