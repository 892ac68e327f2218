using Amazon.CDK;
using Amazon.CDK.AWS.Athena;

namespace Infrastructure.Lake;

/// <summary>
/// The Athena workgroup for questions to the lake. It enforces its settings, so that no client can send results
/// elsewhere or scan without limit.
/// </summary>
internal sealed class QueryWorkgroup
{
    public QueryWorkgroup(Stack stack, LakeParameters parameters, LakeBucket bucket)
    {
        _ = new CfnWorkGroup(stack, "Workgroup", new CfnWorkGroupProps
        {
            Name = parameters.WorkgroupName.ValueAsString,
            Description = "Queries over tracking-pixel events",
            State = "ENABLED",
            // Its history of queries is no reason to keep a workgroup whose stack is deleted.
            RecursiveDeleteOption = true,
            WorkGroupConfiguration = new CfnWorkGroup.WorkGroupConfigurationProperty
            {
                EnforceWorkGroupConfiguration = true,
                PublishCloudWatchMetricsEnabled = true,
                BytesScannedCutoffPerQuery = parameters.QueryScanLimitBytes.ValueAsNumber,
                EngineVersion = new CfnWorkGroup.EngineVersionProperty
                {
                    SelectedEngineVersion = "Athena engine version 3",
                },
                ResultConfiguration = new CfnWorkGroup.ResultConfigurationProperty
                {
                    OutputLocation = $"s3://{bucket.Name}/{LakeLayout.ResultsFolder}",
                    EncryptionConfiguration = new CfnWorkGroup.EncryptionConfigurationProperty
                    {
                        EncryptionOption = "SSE_S3",
                    },
                },
            },
        });
    }
}
