using Amazon;
using Amazon.Runtime;
using LocalStack.Client.Contracts;

namespace LocalStack.Client;

/// <summary>
/// Every client goes to one port, addresses buckets by path, and takes LocalStack as its proxy too, so that it gets there even
/// where it is given a region and would ask AWS's own host name.
/// </summary>
internal sealed class Session(ISessionOptions session, IConfigOptions config) : ISession
{
    // What each service listened to before all were behind one port is not here.
    private readonly int _port = config.UseLegacyPorts
        ? throw new NotSupportedException("Ports of LocalStack before 0.11.5 are not supported.")
        : config.EdgePort;

    public TClient CreateClientByImplementation<TClient>(bool useServiceUrl = false)
        where TClient : AmazonServiceClient
    {
        var make = typeof(TClient).GetConstructors().Single(constructor =>
            constructor.GetParameters() is [var credentials, var settings]
            && credentials.ParameterType == typeof(AWSCredentials)
            && settings.ParameterType.IsSubclassOf(typeof(ClientConfig)));
        var type = make.GetParameters()[1].ParameterType;
        var client = (ClientConfig)Activator.CreateInstance(type)!;

        client.UseHttp = !config.UseSsl;
        client.ProxyHost = config.LocalStackHost;
        client.ProxyPort = _port;
        type.GetProperty("ForcePathStyle")?.SetValue(client, true);
        if (useServiceUrl)
        {
            client.ServiceURL = new UriBuilder(config.UseSsl ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, config.LocalStackHost, _port).Uri.AbsoluteUri;
        }
        else
        {
            client.RegionEndpoint = RegionEndpoint.GetBySystemName(session.RegionName);
        }

        return (TClient)make.Invoke([new SessionAWSCredentials(session.AwsAccessKeyId, session.AwsAccessKey, session.AwsSessionToken), client]);
    }
}
