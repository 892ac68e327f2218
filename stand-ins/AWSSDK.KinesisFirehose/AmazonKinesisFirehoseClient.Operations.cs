using Amazon.KinesisFirehose.Model;
using Amazon.KinesisFirehose.Model.Internal;
using StandIns;

namespace Amazon.KinesisFirehose;

public partial class AmazonKinesisFirehoseClient
{
    private static readonly Operation<PutRecordRequest, PutRecordResponse> PutRecordOperation = FirehoseApi.Service.Operation<PutRecordRequest, PutRecordResponse>("PutRecord",
        "ResourceNotFoundException", "InvalidArgumentException", "InvalidKMSResourceException", "ServiceUnavailableException");

    public virtual Task<PutRecordResponse> PutRecordAsync(PutRecordRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<PutRecordResponse>(request, PutRecordOperation.Options, cancellationToken);

    public virtual Task<PutRecordResponse> PutRecordAsync(string deliveryStreamName, Record record, CancellationToken cancellationToken = default)
        => PutRecordAsync(new PutRecordRequest { DeliveryStreamName = deliveryStreamName, Record = record }, cancellationToken);

    private static readonly Operation<PutRecordBatchRequest, PutRecordBatchResponse> PutRecordBatchOperation = FirehoseApi.Service.Operation<PutRecordBatchRequest, PutRecordBatchResponse>("PutRecordBatch",
        "ResourceNotFoundException", "InvalidArgumentException", "InvalidKMSResourceException", "ServiceUnavailableException");

    public virtual Task<PutRecordBatchResponse> PutRecordBatchAsync(PutRecordBatchRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<PutRecordBatchResponse>(request, PutRecordBatchOperation.Options, cancellationToken);

    public virtual Task<PutRecordBatchResponse> PutRecordBatchAsync(string deliveryStreamName, List<Record> records, CancellationToken cancellationToken = default)
        => PutRecordBatchAsync(new PutRecordBatchRequest { DeliveryStreamName = deliveryStreamName, Records = records }, cancellationToken);

    private static readonly Operation<CreateDeliveryStreamRequest, CreateDeliveryStreamResponse> CreateDeliveryStreamOperation = FirehoseApi.Service.Operation<CreateDeliveryStreamRequest, CreateDeliveryStreamResponse>("CreateDeliveryStream",
        "InvalidArgumentException", "LimitExceededException", "ResourceInUseException", "InvalidKMSResourceException");

    public virtual Task<CreateDeliveryStreamResponse> CreateDeliveryStreamAsync(CreateDeliveryStreamRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<CreateDeliveryStreamResponse>(request, CreateDeliveryStreamOperation.Options, cancellationToken);

    private static readonly Operation<DescribeDeliveryStreamRequest, DescribeDeliveryStreamResponse> DescribeDeliveryStreamOperation = FirehoseApi.Service.Operation<DescribeDeliveryStreamRequest, DescribeDeliveryStreamResponse>("DescribeDeliveryStream",
        "ResourceNotFoundException");

    public virtual Task<DescribeDeliveryStreamResponse> DescribeDeliveryStreamAsync(DescribeDeliveryStreamRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<DescribeDeliveryStreamResponse>(request, DescribeDeliveryStreamOperation.Options, cancellationToken);

    private static readonly Operation<ListDeliveryStreamsRequest, ListDeliveryStreamsResponse> ListDeliveryStreamsOperation = FirehoseApi.Service.Operation<ListDeliveryStreamsRequest, ListDeliveryStreamsResponse>("ListDeliveryStreams");

    public virtual Task<ListDeliveryStreamsResponse> ListDeliveryStreamsAsync(ListDeliveryStreamsRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<ListDeliveryStreamsResponse>(request, ListDeliveryStreamsOperation.Options, cancellationToken);

    public virtual Task<ListDeliveryStreamsResponse> ListDeliveryStreamsAsync(CancellationToken cancellationToken = default)
        => ListDeliveryStreamsAsync(new ListDeliveryStreamsRequest(), cancellationToken);

    private static readonly Operation<DeleteDeliveryStreamRequest, DeleteDeliveryStreamResponse> DeleteDeliveryStreamOperation = FirehoseApi.Service.Operation<DeleteDeliveryStreamRequest, DeleteDeliveryStreamResponse>("DeleteDeliveryStream",
        "ResourceInUseException", "ResourceNotFoundException");

    public virtual Task<DeleteDeliveryStreamResponse> DeleteDeliveryStreamAsync(DeleteDeliveryStreamRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<DeleteDeliveryStreamResponse>(request, DeleteDeliveryStreamOperation.Options, cancellationToken);

    public virtual Task<DeleteDeliveryStreamResponse> DeleteDeliveryStreamAsync(string deliveryStreamName, CancellationToken cancellationToken = default)
        => DeleteDeliveryStreamAsync(new DeleteDeliveryStreamRequest { DeliveryStreamName = deliveryStreamName }, cancellationToken);

    private static readonly Operation<UpdateDestinationRequest, UpdateDestinationResponse> UpdateDestinationOperation = FirehoseApi.Service.Operation<UpdateDestinationRequest, UpdateDestinationResponse>("UpdateDestination",
        "InvalidArgumentException", "ResourceInUseException", "ResourceNotFoundException", "ConcurrentModificationException");

    public virtual Task<UpdateDestinationResponse> UpdateDestinationAsync(UpdateDestinationRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<UpdateDestinationResponse>(request, UpdateDestinationOperation.Options, cancellationToken);
}
