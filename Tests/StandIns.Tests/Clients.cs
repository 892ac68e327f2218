using Amazon.Athena;
using Amazon.Glue;
using Amazon.KinesisFirehose;
using Amazon.Runtime;

namespace StandIns.Tests;

internal static class Clients
{
    public static AmazonKinesisFirehoseClient Firehose(this RecordingServer server)
        => new("key", "secret", At(new AmazonKinesisFirehoseConfig(), server));

    public static AmazonGlueClient Glue(this RecordingServer server)
        => new(new BasicAWSCredentials("key", "secret"), At(new AmazonGlueConfig(), server));

    public static AmazonAthenaClient Athena(this RecordingServer server)
        => new("key", "secret", At(new AmazonAthenaConfig(), server));

    private static T At<T>(T config, RecordingServer server)
        where T : ClientConfig
    {
        config.ServiceURL = server.Url;
        config.AuthenticationRegion = "eu-west-1";
        return config;
    }
}
