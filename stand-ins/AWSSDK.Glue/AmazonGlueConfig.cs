using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Util.Internal;
using StandIns;

namespace Amazon.Glue;

public partial class AmazonGlueConfig : ClientConfig
{
    public AmazonGlueConfig() : base(DefaultModes.Provider)
    {
        base.ServiceId = ServiceId;
        AuthenticationServiceName = "glue";
        EndpointProvider = new EndpointRules("glue");
    }

    public static new string ServiceId => "Glue";

    public override string RegionEndpointServiceName => "glue";

    public override string ServiceVersion => "2017-03-31";

    public override string UserAgent { get; } = InternalSDKUtils.BuildUserAgentString("Glue", "4.0.0");

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters)
        => EndpointRules.Resolve(this, parameters.AlternateEndpoint);
}
