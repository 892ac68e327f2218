using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Util.Internal;
using StandIns;

namespace Amazon.Athena;

public partial class AmazonAthenaConfig : ClientConfig
{
    public AmazonAthenaConfig() : base(DefaultModes.Provider)
    {
        base.ServiceId = ServiceId;
        AuthenticationServiceName = "athena";
        EndpointProvider = new EndpointRules("athena");
    }

    public static new string ServiceId => "Athena";

    public override string RegionEndpointServiceName => "athena";

    public override string ServiceVersion => "2017-05-18";

    public override string UserAgent { get; } = InternalSDKUtils.BuildUserAgentString("Athena", "4.0.0");

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters)
        => EndpointRules.Resolve(this, parameters.AlternateEndpoint);
}
