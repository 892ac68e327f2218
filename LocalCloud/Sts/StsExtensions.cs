using LocalCloud.Protocol;

namespace LocalCloud.Sts;

internal static class StsExtensions
{
    public static IServiceCollection AddSts(this IServiceCollection services) => services.AddAwsQueryService<StsService>();
}
