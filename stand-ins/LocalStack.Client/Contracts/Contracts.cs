using Amazon.Runtime;

namespace LocalStack.Client.Contracts;

/// <summary>Makes clients of AWS that talk to LocalStack.</summary>
public interface ISession
{
    /// <summary>Makes a client of a type such as <c>AmazonS3Client</c>.</summary>
    /// <param name="useServiceUrl">Whether it is given LocalStack's URL; else it is given the session's region.</param>
    TClient CreateClientByImplementation<TClient>(bool useServiceUrl = false)
        where TClient : AmazonServiceClient;
}

/// <summary>Makes a session where there is no dependency injection.</summary>
public interface ISessionStandalone
{
    ISessionStandalone WithSessionOptions(ISessionOptions sessionOptions);

    ISessionStandalone WithConfigurationOptions(IConfigOptions configOptions);

    ISession Create();
}

/// <summary>Who asks.</summary>
public interface ISessionOptions
{
    string AwsAccessKeyId { get; }

    string AwsAccessKey { get; }

    string AwsSessionToken { get; }

    string RegionName { get; }
}

/// <summary>Where LocalStack is.</summary>
public interface IConfigOptions
{
    string LocalStackHost { get; }

    bool UseSsl { get; }

    bool UseLegacyPorts { get; }

    int EdgePort { get; }
}
