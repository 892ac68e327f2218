using LocalStack.Client.Contracts;
using LocalStack.Client.Models;

namespace LocalStack.Client.Options;

/// <inheritdoc cref="ISessionOptions"/>
public class SessionOptions(
    string awsAccessKeyId = Constants.AwsAccessKeyId,
    string awsAccessKey = Constants.AwsAccessKey,
    string awsSessionToken = Constants.AwsSessionToken,
    string regionName = Constants.RegionName) : ISessionOptions
{
    public string AwsAccessKeyId { get; } = awsAccessKeyId;

    public string AwsAccessKey { get; } = awsAccessKey;

    public string AwsSessionToken { get; } = awsSessionToken;

    public string RegionName { get; } = regionName;
}

/// <inheritdoc cref="IConfigOptions"/>
public class ConfigOptions(
    string localStackHost = Constants.LocalStackHost,
    bool useSsl = Constants.UseSsl,
    bool useLegacyPorts = Constants.UseLegacyPorts,
    int edgePort = Constants.EdgePort) : IConfigOptions
{
    public string LocalStackHost { get; } = localStackHost;

    public bool UseSsl { get; } = useSsl;

    public bool UseLegacyPorts { get; } = useLegacyPorts;

    public int EdgePort { get; } = edgePort;
}
