using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Infrastructure.Permissions;

namespace Infrastructure.Lake;

/// <summary>
/// The role that beacons of other accounts assume to put events, there only where such accounts are named: Firehose knows no
/// policy of a stream by which it could let them in as themselves. It may do what the beacon calls, and nothing else.
/// </summary>
internal sealed class ProducerRole
{
    private readonly CfnRole _role;

    public ProducerRole(Stack stack, LakeParameters parameters, LakeLayout layout, EventStream stream)
    {
        _role = new CfnRole(stack, "ProducerRole", new CfnRoleProps
        {
            AssumeRolePolicyDocument = TrustIn(parameters, layout),
            Policies = new[] { Policies.Inline("put-events", Policies.Allow(["firehose:PutRecordBatch"], stream.Arn)) },
        });
        _role.CfnOptions.Condition = layout.HasProducers;
    }

    /// <summary>Its ARN.</summary>
    public string Arn => _role.AttrArn;

    // In CloudFormation's own casing, since a list of accounts that is a parameter is no principal of CDK's. An account stands
    // for whomever it lets assume the role: which of its roles that is, is for its own administrators to say.
    private static Dictionary<string, object> TrustIn(LakeParameters parameters, LakeLayout layout) => new()
    {
        ["Version"] = "2012-10-17",
        ["Statement"] = new[]
        {
            new Dictionary<string, object>
            {
                ["Effect"] = "Allow",
                ["Principal"] = new Dictionary<string, object> { ["AWS"] = Fn.Split(",", parameters.ProducerAccountIds.ValueAsString) },
                ["Action"] = "sts:AssumeRole",
                ["Condition"] = StackParameters.If(layout.HasProducerId, new Dictionary<string, object>
                {
                    ["StringEquals"] = new Dictionary<string, object> { ["sts:ExternalId"] = parameters.ProducerExternalId.ValueAsString },
                }),
            },
        },
    };
}
