using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Athena.Model;
using Amazon.Athena.Model.Internal;
using StandIns;

namespace Amazon.Athena;

public partial class AmazonAthenaClient : AmazonServiceClient, IAmazonAthena
{

    private AthenaPaginatorFactory _paginators;

    public IAthenaPaginatorFactory Paginators => _paginators ??= new(this);

    public AmazonAthenaClient() : base(new AmazonAthenaConfig()) { }
    public AmazonAthenaClient(RegionEndpoint region) : base(new AmazonAthenaConfig { RegionEndpoint = region }) { }
    public AmazonAthenaClient(AmazonAthenaConfig config) : base(config) { }
    public AmazonAthenaClient(AWSCredentials credentials) : this(credentials, new AmazonAthenaConfig()) { }
    public AmazonAthenaClient(AWSCredentials credentials, RegionEndpoint region) : this(credentials, new AmazonAthenaConfig { RegionEndpoint = region }) { }
    public AmazonAthenaClient(AWSCredentials credentials, AmazonAthenaConfig clientConfig) : base(credentials, clientConfig) { }
    public AmazonAthenaClient(string awsAccessKeyId, string awsSecretAccessKey) : this(awsAccessKeyId, awsSecretAccessKey, new AmazonAthenaConfig()) { }
    public AmazonAthenaClient(string awsAccessKeyId, string awsSecretAccessKey, RegionEndpoint region) : this(awsAccessKeyId, awsSecretAccessKey, new AmazonAthenaConfig { RegionEndpoint = region }) { }
    public AmazonAthenaClient(string awsAccessKeyId, string awsSecretAccessKey, AmazonAthenaConfig clientConfig) : base(awsAccessKeyId, awsSecretAccessKey, clientConfig) { }
    public AmazonAthenaClient(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken) : this(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, new AmazonAthenaConfig()) { }
    public AmazonAthenaClient(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken, RegionEndpoint region) : this(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, new AmazonAthenaConfig { RegionEndpoint = region }) { }
    public AmazonAthenaClient(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken, AmazonAthenaConfig clientConfig) : base(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, clientConfig) { }

    protected override IServiceMetadata ServiceMetadata => AthenaApi.Service;

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline) => JsonPipeline.Customize(pipeline);
}
