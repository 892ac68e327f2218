using Amazon.Runtime;

namespace Amazon.KinesisFirehose.Model;

/// <summary>What <c>PutRecord</c> takes.</summary>
public partial class PutRecordRequest : AmazonKinesisFirehoseRequest
{
    public string DeliveryStreamName { get; set; }
    public Record Record { get; set; }
}

/// <summary>What <c>PutRecord</c> answers.</summary>
public partial class PutRecordResponse : AmazonWebServiceResponse
{
    public string RecordId { get; set; }
    public bool? Encrypted { get; set; }
}

/// <summary>What <c>PutRecordBatch</c> takes.</summary>
public partial class PutRecordBatchRequest : AmazonKinesisFirehoseRequest
{
    public string DeliveryStreamName { get; set; }
    public List<Record> Records { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

/// <summary>What <c>PutRecordBatch</c> answers.</summary>
public partial class PutRecordBatchResponse : AmazonWebServiceResponse
{
    public int? FailedPutCount { get; set; }
    public bool? Encrypted { get; set; }
    public List<PutRecordBatchResponseEntry> RequestResponses { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

public partial class Record
{
    public MemoryStream Data { get; set; }
}

public partial class PutRecordBatchResponseEntry
{
    public string RecordId { get; set; }
    public string ErrorCode { get; set; }
    public string ErrorMessage { get; set; }
}
