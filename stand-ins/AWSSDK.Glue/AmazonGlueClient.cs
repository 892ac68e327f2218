using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Glue.Model;
using Amazon.Glue.Model.Internal;
using StandIns;

namespace Amazon.Glue;

public partial class AmazonGlueClient : AmazonServiceClient, IAmazonGlue
{

    private GluePaginatorFactory _paginators;

    public IGluePaginatorFactory Paginators => _paginators ??= new(this);

    public AmazonGlueClient() : base(new AmazonGlueConfig()) { }
    public AmazonGlueClient(RegionEndpoint region) : base(new AmazonGlueConfig { RegionEndpoint = region }) { }
    public AmazonGlueClient(AmazonGlueConfig config) : base(config) { }
    public AmazonGlueClient(AWSCredentials credentials) : this(credentials, new AmazonGlueConfig()) { }
    public AmazonGlueClient(AWSCredentials credentials, RegionEndpoint region) : this(credentials, new AmazonGlueConfig { RegionEndpoint = region }) { }
    public AmazonGlueClient(AWSCredentials credentials, AmazonGlueConfig clientConfig) : base(credentials, clientConfig) { }
    public AmazonGlueClient(string awsAccessKeyId, string awsSecretAccessKey) : this(awsAccessKeyId, awsSecretAccessKey, new AmazonGlueConfig()) { }
    public AmazonGlueClient(string awsAccessKeyId, string awsSecretAccessKey, RegionEndpoint region) : this(awsAccessKeyId, awsSecretAccessKey, new AmazonGlueConfig { RegionEndpoint = region }) { }
    public AmazonGlueClient(string awsAccessKeyId, string awsSecretAccessKey, AmazonGlueConfig clientConfig) : base(awsAccessKeyId, awsSecretAccessKey, clientConfig) { }
    public AmazonGlueClient(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken) : this(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, new AmazonGlueConfig()) { }
    public AmazonGlueClient(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken, RegionEndpoint region) : this(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, new AmazonGlueConfig { RegionEndpoint = region }) { }
    public AmazonGlueClient(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken, AmazonGlueConfig clientConfig) : base(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, clientConfig) { }

    protected override IServiceMetadata ServiceMetadata => GlueApi.Service;

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline) => JsonPipeline.Customize(pipeline);
}
