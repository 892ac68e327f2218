using Amazon.CDK;
using Amazon.CDK.AWS.Athena;

namespace Infrastructure.Lake;

/// <summary>
/// The two Athena workgroups: one for questions to the lake, which enforces its settings, so that no client can send
/// results elsewhere or scan without limit; and one for the catalog worker, whose statements say themselves where they
/// write and read as much as an hour holds.
/// </summary>
internal static class QueryWorkgroups
{
    public static void Add(Stack stack, LakeParameters parameters, LakeLayout layout, LakeBucket bucket)
    {
        Add(stack, "Workgroup", parameters.WorkgroupName, "Queries over tracking-pixel events", parameters, layout, bucket, parameters.QueryScanLimitBytes);
        Add(stack, "MaintenanceWorkgroup", parameters.MaintenanceWorkgroupName, "Statements of the catalog worker", parameters, layout, bucket, limit: null);
    }

    private static void Add(
        Stack stack, string id, CfnParameter name, string description, LakeParameters parameters, LakeLayout layout, LakeBucket bucket, CfnParameter? limit) => _ = new CfnWorkGroup(stack, id, new CfnWorkGroupProps
    {
        Name = name.ValueAsString,
        Description = description,
        State = "ENABLED",
        // Its history of queries is no reason to keep a workgroup whose stack is deleted.
        RecursiveDeleteOption = true,
        WorkGroupConfiguration = new CfnWorkGroup.WorkGroupConfigurationProperty
        {
            EnforceWorkGroupConfiguration = limit is not null,
            PublishCloudWatchMetricsEnabled = true,
            BytesScannedCutoffPerQuery = limit?.ValueAsNumber,
            EngineVersion = new CfnWorkGroup.EngineVersionProperty
            {
                SelectedEngineVersion = "Athena engine version 3",
            },
            ResultConfiguration = new CfnWorkGroup.ResultConfigurationProperty
            {
                OutputLocation = $"s3://{bucket.Name}/{LakeLayout.ResultsFolder}",
                EncryptionConfiguration = new CfnWorkGroup.EncryptionConfigurationProperty
                {
                    EncryptionOption = layout.ByKey("SSE_KMS", "SSE_S3").ToString()!,
                    KmsKey = layout.KeyOnly(parameters.KeyArn.ValueAsString).ToString(),
                },
            },
        },
    });
}
