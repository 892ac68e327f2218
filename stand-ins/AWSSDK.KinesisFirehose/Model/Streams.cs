using Amazon.Runtime;

namespace Amazon.KinesisFirehose.Model;

/// <summary>What <c>CreateDeliveryStream</c> takes.</summary>
public partial class CreateDeliveryStreamRequest : AmazonKinesisFirehoseRequest
{
    public string DeliveryStreamName { get; set; }
    public DeliveryStreamType DeliveryStreamType { get; set; }
    public DeliveryStreamEncryptionConfigurationInput DeliveryStreamEncryptionConfigurationInput { get; set; }
    public S3DestinationConfiguration S3DestinationConfiguration { get; set; }
    public ExtendedS3DestinationConfiguration ExtendedS3DestinationConfiguration { get; set; }
    public List<Tag> Tags { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

/// <summary>What <c>CreateDeliveryStream</c> answers.</summary>
public partial class CreateDeliveryStreamResponse : AmazonWebServiceResponse
{
    public string DeliveryStreamARN { get; set; }
}

/// <summary>What <c>DescribeDeliveryStream</c> takes.</summary>
public partial class DescribeDeliveryStreamRequest : AmazonKinesisFirehoseRequest
{
    public string DeliveryStreamName { get; set; }
    public int? Limit { get; set; }
    public string ExclusiveStartDestinationId { get; set; }
}

/// <summary>What <c>DescribeDeliveryStream</c> answers.</summary>
public partial class DescribeDeliveryStreamResponse : AmazonWebServiceResponse
{
    public DeliveryStreamDescription DeliveryStreamDescription { get; set; }
}

/// <summary>What <c>ListDeliveryStreams</c> takes.</summary>
public partial class ListDeliveryStreamsRequest : AmazonKinesisFirehoseRequest
{
    public int? Limit { get; set; }
    public DeliveryStreamType DeliveryStreamType { get; set; }
    public string ExclusiveStartDeliveryStreamName { get; set; }
}

/// <summary>What <c>ListDeliveryStreams</c> answers.</summary>
public partial class ListDeliveryStreamsResponse : AmazonWebServiceResponse
{
    public List<string> DeliveryStreamNames { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public bool? HasMoreDeliveryStreams { get; set; }
}

/// <summary>What <c>DeleteDeliveryStream</c> takes.</summary>
public partial class DeleteDeliveryStreamRequest : AmazonKinesisFirehoseRequest
{
    public string DeliveryStreamName { get; set; }
    public bool? AllowForceDelete { get; set; }
}

/// <summary>What <c>DeleteDeliveryStream</c> answers.</summary>
public partial class DeleteDeliveryStreamResponse : AmazonWebServiceResponse;

/// <summary>What <c>UpdateDestination</c> takes.</summary>
public partial class UpdateDestinationRequest : AmazonKinesisFirehoseRequest
{
    public string DeliveryStreamName { get; set; }
    public string CurrentDeliveryStreamVersionId { get; set; }
    public string DestinationId { get; set; }
    public S3DestinationUpdate S3DestinationUpdate { get; set; }
    public ExtendedS3DestinationUpdate ExtendedS3DestinationUpdate { get; set; }
}

/// <summary>What <c>UpdateDestination</c> answers.</summary>
public partial class UpdateDestinationResponse : AmazonWebServiceResponse;

public partial class Tag
{
    public string Key { get; set; }
    public string Value { get; set; }
}

public partial class DeliveryStreamDescription
{
    public string DeliveryStreamName { get; set; }
    public string DeliveryStreamARN { get; set; }
    public DeliveryStreamStatus DeliveryStreamStatus { get; set; }
    public FailureDescription FailureDescription { get; set; }
    public DeliveryStreamEncryptionConfiguration DeliveryStreamEncryptionConfiguration { get; set; }
    public DeliveryStreamType DeliveryStreamType { get; set; }
    public string VersionId { get; set; }
    public DateTime? CreateTimestamp { get; set; }
    public DateTime? LastUpdateTimestamp { get; set; }
    public List<DestinationDescription> Destinations { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public bool? HasMoreDestinations { get; set; }
}

public partial class FailureDescription
{
    public DeliveryStreamFailureType Type { get; set; }
    public string Details { get; set; }
}

public partial class DestinationDescription
{
    public string DestinationId { get; set; }
    public S3DestinationDescription S3DestinationDescription { get; set; }
    public ExtendedS3DestinationDescription ExtendedS3DestinationDescription { get; set; }
}
