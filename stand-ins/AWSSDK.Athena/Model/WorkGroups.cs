using Amazon.Runtime;

namespace Amazon.Athena.Model;

/// <summary>What <c>CreateWorkGroup</c> takes.</summary>
public partial class CreateWorkGroupRequest : AmazonAthenaRequest
{
    public string Name { get; set; }
    public WorkGroupConfiguration Configuration { get; set; }
    public string Description { get; set; }
    public List<Tag> Tags { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

/// <summary>What <c>CreateWorkGroup</c> answers.</summary>
public partial class CreateWorkGroupResponse : AmazonWebServiceResponse;

/// <summary>What <c>GetWorkGroup</c> takes.</summary>
public partial class GetWorkGroupRequest : AmazonAthenaRequest
{
    public string WorkGroup { get; set; }
}

/// <summary>What <c>GetWorkGroup</c> answers.</summary>
public partial class GetWorkGroupResponse : AmazonWebServiceResponse
{
    public WorkGroup WorkGroup { get; set; }
}

/// <summary>What <c>UpdateWorkGroup</c> takes.</summary>
public partial class UpdateWorkGroupRequest : AmazonAthenaRequest
{
    public string WorkGroup { get; set; }
    public string Description { get; set; }
    public WorkGroupConfigurationUpdates ConfigurationUpdates { get; set; }
    public WorkGroupState State { get; set; }
}

/// <summary>What <c>UpdateWorkGroup</c> answers.</summary>
public partial class UpdateWorkGroupResponse : AmazonWebServiceResponse;

/// <summary>What <c>DeleteWorkGroup</c> takes.</summary>
public partial class DeleteWorkGroupRequest : AmazonAthenaRequest
{
    public string WorkGroup { get; set; }
    public bool? RecursiveDeleteOption { get; set; }
}

/// <summary>What <c>DeleteWorkGroup</c> answers.</summary>
public partial class DeleteWorkGroupResponse : AmazonWebServiceResponse;

/// <summary>What <c>ListWorkGroups</c> takes.</summary>
public partial class ListWorkGroupsRequest : AmazonAthenaRequest
{
    public string NextToken { get; set; }
    public int? MaxResults { get; set; }
}

/// <summary>What <c>ListWorkGroups</c> answers.</summary>
public partial class ListWorkGroupsResponse : AmazonWebServiceResponse
{
    public List<WorkGroupSummary> WorkGroups { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public string NextToken { get; set; }
}

public partial class WorkGroupConfiguration
{
    public ResultConfiguration ResultConfiguration { get; set; }
    public bool? EnforceWorkGroupConfiguration { get; set; }
    public bool? PublishCloudWatchMetricsEnabled { get; set; }
    public long? BytesScannedCutoffPerQuery { get; set; }
    public bool? RequesterPaysEnabled { get; set; }
    public EngineVersion EngineVersion { get; set; }
    public string AdditionalConfiguration { get; set; }
    public string ExecutionRole { get; set; }
}

public partial class Tag
{
    public string Key { get; set; }
    public string Value { get; set; }
}

public partial class WorkGroup
{
    public string Name { get; set; }
    public WorkGroupState State { get; set; }
    public WorkGroupConfiguration Configuration { get; set; }
    public string Description { get; set; }
    public DateTime? CreationTime { get; set; }
}

public partial class WorkGroupConfigurationUpdates
{
    public bool? EnforceWorkGroupConfiguration { get; set; }
    public ResultConfigurationUpdates ResultConfigurationUpdates { get; set; }
    public bool? PublishCloudWatchMetricsEnabled { get; set; }
    public long? BytesScannedCutoffPerQuery { get; set; }
    public bool? RemoveBytesScannedCutoffPerQuery { get; set; }
    public bool? RequesterPaysEnabled { get; set; }
    public EngineVersion EngineVersion { get; set; }
    public bool? RemoveCustomerContentEncryptionConfiguration { get; set; }
    public string AdditionalConfiguration { get; set; }
    public string ExecutionRole { get; set; }
}

public partial class ResultConfigurationUpdates
{
    public string OutputLocation { get; set; }
    public bool? RemoveOutputLocation { get; set; }
    public EncryptionConfiguration EncryptionConfiguration { get; set; }
    public bool? RemoveEncryptionConfiguration { get; set; }
    public string ExpectedBucketOwner { get; set; }
    public bool? RemoveExpectedBucketOwner { get; set; }
    public AclConfiguration AclConfiguration { get; set; }
    public bool? RemoveAclConfiguration { get; set; }
}

public partial class WorkGroupSummary
{
    public string Name { get; set; }
    public WorkGroupState State { get; set; }
    public string Description { get; set; }
    public DateTime? CreationTime { get; set; }
    public EngineVersion EngineVersion { get; set; }
}
