using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace StandIns;

/// <summary>The SDK's "defaults modes": the connect time-outs it publishes for each, the same for every service.</summary>
internal static class DefaultModes
{
    public static DefaultConfigurationProvider Provider => new(
    [
        Mode(DefaultConfigurationMode.Standard, 3.1),
        Mode(DefaultConfigurationMode.InRegion, 1.1),
        Mode(DefaultConfigurationMode.CrossRegion, 3.1),
        Mode(DefaultConfigurationMode.Mobile, 30),
        Mode(DefaultConfigurationMode.Auto, 1.1),
    ]);

    private static IDefaultConfiguration Mode(DefaultConfigurationMode name, double connectSeconds) => new DefaultConfiguration
    {
        Name = name,
        RetryMode = RequestRetryMode.Standard,
        S3UsEast1RegionalEndpoint = S3UsEast1RegionalEndpointValue.Regional,
        ConnectTimeout = TimeSpan.FromSeconds(connectSeconds),
        TlsNegotiationTimeout = TimeSpan.FromSeconds(connectSeconds),
    };
}
