using System.Text.Json.Serialization;
using StandIns;

namespace Amazon.KinesisFirehose.Model.Internal;

internal static class FirehoseApi
{
    public static readonly Service Service = new(
        "Amazon.KinesisFirehose", "Firehose", "Firehose_20150804", "2015-08-04", FirehoseJson.Default,
        [
            new ConstantConverter<CompressionFormat>(CompressionFormat.FindValue),
            new ConstantConverter<DeliveryStreamEncryptionStatus>(DeliveryStreamEncryptionStatus.FindValue),
            new ConstantConverter<DeliveryStreamFailureType>(DeliveryStreamFailureType.FindValue),
            new ConstantConverter<DeliveryStreamStatus>(DeliveryStreamStatus.FindValue),
            new ConstantConverter<DeliveryStreamType>(DeliveryStreamType.FindValue),
            new ConstantConverter<KeyType>(KeyType.FindValue),
            new ConstantConverter<NoEncryptionConfig>(NoEncryptionConfig.FindValue),
            new ConstantConverter<OrcCompression>(OrcCompression.FindValue),
            new ConstantConverter<OrcFormatVersion>(OrcFormatVersion.FindValue),
            new ConstantConverter<ParquetCompression>(ParquetCompression.FindValue),
            new ConstantConverter<ParquetWriterVersion>(ParquetWriterVersion.FindValue),
            new ConstantConverter<ProcessorParameterName>(ProcessorParameterName.FindValue),
            new ConstantConverter<ProcessorType>(ProcessorType.FindValue),
            new ConstantConverter<S3BackupMode>(S3BackupMode.FindValue)
        ],
        new()
        {
            ["ConcurrentModificationException"] = (error, body) => new ConcurrentModificationException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode),
            ["InvalidArgumentException"] = (error, body) => new InvalidArgumentException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode),
            ["InvalidKMSResourceException"] = (error, body) => new InvalidKMSResourceException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode) { Code = body.Text("code") },
            ["LimitExceededException"] = (error, body) => new LimitExceededException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode),
            ["ResourceInUseException"] = (error, body) => new ResourceInUseException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode),
            ["ResourceNotFoundException"] = (error, body) => new ResourceNotFoundException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode),
            ["ServiceUnavailableException"] = (error, body) => new ServiceUnavailableException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode),
        },
        error => new AmazonKinesisFirehoseException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode));
}

[JsonSerializable(typeof(PutRecordRequest))]
[JsonSerializable(typeof(PutRecordResponse))]
[JsonSerializable(typeof(PutRecordBatchRequest))]
[JsonSerializable(typeof(PutRecordBatchResponse))]
[JsonSerializable(typeof(CreateDeliveryStreamRequest))]
[JsonSerializable(typeof(CreateDeliveryStreamResponse))]
[JsonSerializable(typeof(DescribeDeliveryStreamRequest))]
[JsonSerializable(typeof(DescribeDeliveryStreamResponse))]
[JsonSerializable(typeof(ListDeliveryStreamsRequest))]
[JsonSerializable(typeof(ListDeliveryStreamsResponse))]
[JsonSerializable(typeof(DeleteDeliveryStreamRequest))]
[JsonSerializable(typeof(DeleteDeliveryStreamResponse))]
[JsonSerializable(typeof(UpdateDestinationRequest))]
[JsonSerializable(typeof(UpdateDestinationResponse))]
internal sealed partial class FirehoseJson : JsonSerializerContext;
