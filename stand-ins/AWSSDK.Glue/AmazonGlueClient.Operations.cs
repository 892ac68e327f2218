using Amazon.Glue.Model;
using Amazon.Glue.Model.Internal;
using StandIns;

namespace Amazon.Glue;

public partial class AmazonGlueClient
{
    private static readonly Operation<CreateDatabaseRequest, CreateDatabaseResponse> CreateDatabaseOperation = GlueApi.Service.Operation<CreateDatabaseRequest, CreateDatabaseResponse>("CreateDatabase",
        "InvalidInputException", "AlreadyExistsException", "ResourceNumberLimitExceededException", "InternalServiceException", "OperationTimeoutException", "GlueEncryptionException", "ConcurrentModificationException");

    public virtual Task<CreateDatabaseResponse> CreateDatabaseAsync(CreateDatabaseRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<CreateDatabaseResponse>(request, CreateDatabaseOperation.Options, cancellationToken);

    private static readonly Operation<GetDatabaseRequest, GetDatabaseResponse> GetDatabaseOperation = GlueApi.Service.Operation<GetDatabaseRequest, GetDatabaseResponse>("GetDatabase",
        "InvalidInputException", "EntityNotFoundException", "InternalServiceException", "OperationTimeoutException", "GlueEncryptionException");

    public virtual Task<GetDatabaseResponse> GetDatabaseAsync(GetDatabaseRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<GetDatabaseResponse>(request, GetDatabaseOperation.Options, cancellationToken);

    private static readonly Operation<GetDatabasesRequest, GetDatabasesResponse> GetDatabasesOperation = GlueApi.Service.Operation<GetDatabasesRequest, GetDatabasesResponse>("GetDatabases",
        "InvalidInputException", "InternalServiceException", "OperationTimeoutException", "GlueEncryptionException");

    public virtual Task<GetDatabasesResponse> GetDatabasesAsync(GetDatabasesRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<GetDatabasesResponse>(request, GetDatabasesOperation.Options, cancellationToken);

    private static readonly Operation<UpdateDatabaseRequest, UpdateDatabaseResponse> UpdateDatabaseOperation = GlueApi.Service.Operation<UpdateDatabaseRequest, UpdateDatabaseResponse>("UpdateDatabase",
        "EntityNotFoundException", "InvalidInputException", "InternalServiceException", "OperationTimeoutException", "GlueEncryptionException", "ConcurrentModificationException");

    public virtual Task<UpdateDatabaseResponse> UpdateDatabaseAsync(UpdateDatabaseRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<UpdateDatabaseResponse>(request, UpdateDatabaseOperation.Options, cancellationToken);

    private static readonly Operation<DeleteDatabaseRequest, DeleteDatabaseResponse> DeleteDatabaseOperation = GlueApi.Service.Operation<DeleteDatabaseRequest, DeleteDatabaseResponse>("DeleteDatabase",
        "EntityNotFoundException", "InvalidInputException", "InternalServiceException", "OperationTimeoutException", "ConcurrentModificationException");

    public virtual Task<DeleteDatabaseResponse> DeleteDatabaseAsync(DeleteDatabaseRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<DeleteDatabaseResponse>(request, DeleteDatabaseOperation.Options, cancellationToken);

    private static readonly Operation<CreateTableRequest, CreateTableResponse> CreateTableOperation = GlueApi.Service.Operation<CreateTableRequest, CreateTableResponse>("CreateTable",
        "AlreadyExistsException", "InvalidInputException", "EntityNotFoundException", "ResourceNumberLimitExceededException", "InternalServiceException", "OperationTimeoutException", "GlueEncryptionException", "ConcurrentModificationException", "ResourceNotReadyException");

    public virtual Task<CreateTableResponse> CreateTableAsync(CreateTableRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<CreateTableResponse>(request, CreateTableOperation.Options, cancellationToken);

    private static readonly Operation<GetTableRequest, GetTableResponse> GetTableOperation = GlueApi.Service.Operation<GetTableRequest, GetTableResponse>("GetTable",
        "EntityNotFoundException", "InvalidInputException", "InternalServiceException", "OperationTimeoutException", "GlueEncryptionException", "ResourceNotReadyException");

    public virtual Task<GetTableResponse> GetTableAsync(GetTableRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<GetTableResponse>(request, GetTableOperation.Options, cancellationToken);

    private static readonly Operation<GetTablesRequest, GetTablesResponse> GetTablesOperation = GlueApi.Service.Operation<GetTablesRequest, GetTablesResponse>("GetTables",
        "EntityNotFoundException", "InvalidInputException", "OperationTimeoutException", "InternalServiceException", "GlueEncryptionException");

    public virtual Task<GetTablesResponse> GetTablesAsync(GetTablesRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<GetTablesResponse>(request, GetTablesOperation.Options, cancellationToken);

    private static readonly Operation<UpdateTableRequest, UpdateTableResponse> UpdateTableOperation = GlueApi.Service.Operation<UpdateTableRequest, UpdateTableResponse>("UpdateTable",
        "EntityNotFoundException", "InvalidInputException", "InternalServiceException", "OperationTimeoutException", "ConcurrentModificationException", "ResourceNumberLimitExceededException", "GlueEncryptionException", "ResourceNotReadyException");

    public virtual Task<UpdateTableResponse> UpdateTableAsync(UpdateTableRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<UpdateTableResponse>(request, UpdateTableOperation.Options, cancellationToken);

    private static readonly Operation<DeleteTableRequest, DeleteTableResponse> DeleteTableOperation = GlueApi.Service.Operation<DeleteTableRequest, DeleteTableResponse>("DeleteTable",
        "EntityNotFoundException", "InvalidInputException", "InternalServiceException", "OperationTimeoutException", "ConcurrentModificationException", "ResourceNotReadyException");

    public virtual Task<DeleteTableResponse> DeleteTableAsync(DeleteTableRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<DeleteTableResponse>(request, DeleteTableOperation.Options, cancellationToken);

    private static readonly Operation<BatchDeleteTableRequest, BatchDeleteTableResponse> BatchDeleteTableOperation = GlueApi.Service.Operation<BatchDeleteTableRequest, BatchDeleteTableResponse>("BatchDeleteTable",
        "InvalidInputException", "EntityNotFoundException", "InternalServiceException", "OperationTimeoutException", "GlueEncryptionException", "ResourceNotReadyException");

    public virtual Task<BatchDeleteTableResponse> BatchDeleteTableAsync(BatchDeleteTableRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<BatchDeleteTableResponse>(request, BatchDeleteTableOperation.Options, cancellationToken);

    private static readonly Operation<GetTableVersionRequest, GetTableVersionResponse> GetTableVersionOperation = GlueApi.Service.Operation<GetTableVersionRequest, GetTableVersionResponse>("GetTableVersion",
        "EntityNotFoundException", "InvalidInputException", "InternalServiceException", "OperationTimeoutException", "GlueEncryptionException");

    public virtual Task<GetTableVersionResponse> GetTableVersionAsync(GetTableVersionRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<GetTableVersionResponse>(request, GetTableVersionOperation.Options, cancellationToken);

    private static readonly Operation<GetTableVersionsRequest, GetTableVersionsResponse> GetTableVersionsOperation = GlueApi.Service.Operation<GetTableVersionsRequest, GetTableVersionsResponse>("GetTableVersions",
        "EntityNotFoundException", "InvalidInputException", "InternalServiceException", "OperationTimeoutException", "GlueEncryptionException");

    public virtual Task<GetTableVersionsResponse> GetTableVersionsAsync(GetTableVersionsRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<GetTableVersionsResponse>(request, GetTableVersionsOperation.Options, cancellationToken);

    private static readonly Operation<DeleteTableVersionRequest, DeleteTableVersionResponse> DeleteTableVersionOperation = GlueApi.Service.Operation<DeleteTableVersionRequest, DeleteTableVersionResponse>("DeleteTableVersion",
        "EntityNotFoundException", "InvalidInputException", "InternalServiceException", "OperationTimeoutException");

    public virtual Task<DeleteTableVersionResponse> DeleteTableVersionAsync(DeleteTableVersionRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<DeleteTableVersionResponse>(request, DeleteTableVersionOperation.Options, cancellationToken);

    private static readonly Operation<BatchDeleteTableVersionRequest, BatchDeleteTableVersionResponse> BatchDeleteTableVersionOperation = GlueApi.Service.Operation<BatchDeleteTableVersionRequest, BatchDeleteTableVersionResponse>("BatchDeleteTableVersion",
        "EntityNotFoundException", "InvalidInputException", "InternalServiceException", "OperationTimeoutException");

    public virtual Task<BatchDeleteTableVersionResponse> BatchDeleteTableVersionAsync(BatchDeleteTableVersionRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<BatchDeleteTableVersionResponse>(request, BatchDeleteTableVersionOperation.Options, cancellationToken);

    private static readonly Operation<CreatePartitionRequest, CreatePartitionResponse> CreatePartitionOperation = GlueApi.Service.Operation<CreatePartitionRequest, CreatePartitionResponse>("CreatePartition",
        "InvalidInputException", "AlreadyExistsException", "ResourceNumberLimitExceededException", "InternalServiceException", "EntityNotFoundException", "OperationTimeoutException", "GlueEncryptionException");

    public virtual Task<CreatePartitionResponse> CreatePartitionAsync(CreatePartitionRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<CreatePartitionResponse>(request, CreatePartitionOperation.Options, cancellationToken);

    private static readonly Operation<GetPartitionRequest, GetPartitionResponse> GetPartitionOperation = GlueApi.Service.Operation<GetPartitionRequest, GetPartitionResponse>("GetPartition",
        "EntityNotFoundException", "InvalidInputException", "InternalServiceException", "OperationTimeoutException", "GlueEncryptionException");

    public virtual Task<GetPartitionResponse> GetPartitionAsync(GetPartitionRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<GetPartitionResponse>(request, GetPartitionOperation.Options, cancellationToken);

    private static readonly Operation<GetPartitionsRequest, GetPartitionsResponse> GetPartitionsOperation = GlueApi.Service.Operation<GetPartitionsRequest, GetPartitionsResponse>("GetPartitions",
        "EntityNotFoundException", "InvalidInputException", "OperationTimeoutException", "InternalServiceException", "GlueEncryptionException", "InvalidStateException", "ResourceNotReadyException");

    public virtual Task<GetPartitionsResponse> GetPartitionsAsync(GetPartitionsRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<GetPartitionsResponse>(request, GetPartitionsOperation.Options, cancellationToken);

    private static readonly Operation<UpdatePartitionRequest, UpdatePartitionResponse> UpdatePartitionOperation = GlueApi.Service.Operation<UpdatePartitionRequest, UpdatePartitionResponse>("UpdatePartition",
        "EntityNotFoundException", "InvalidInputException", "InternalServiceException", "OperationTimeoutException", "GlueEncryptionException");

    public virtual Task<UpdatePartitionResponse> UpdatePartitionAsync(UpdatePartitionRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<UpdatePartitionResponse>(request, UpdatePartitionOperation.Options, cancellationToken);

    private static readonly Operation<DeletePartitionRequest, DeletePartitionResponse> DeletePartitionOperation = GlueApi.Service.Operation<DeletePartitionRequest, DeletePartitionResponse>("DeletePartition",
        "EntityNotFoundException", "InvalidInputException", "InternalServiceException", "OperationTimeoutException");

    public virtual Task<DeletePartitionResponse> DeletePartitionAsync(DeletePartitionRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<DeletePartitionResponse>(request, DeletePartitionOperation.Options, cancellationToken);

    private static readonly Operation<BatchCreatePartitionRequest, BatchCreatePartitionResponse> BatchCreatePartitionOperation = GlueApi.Service.Operation<BatchCreatePartitionRequest, BatchCreatePartitionResponse>("BatchCreatePartition",
        "InvalidInputException", "AlreadyExistsException", "ResourceNumberLimitExceededException", "InternalServiceException", "EntityNotFoundException", "OperationTimeoutException", "GlueEncryptionException");

    public virtual Task<BatchCreatePartitionResponse> BatchCreatePartitionAsync(BatchCreatePartitionRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<BatchCreatePartitionResponse>(request, BatchCreatePartitionOperation.Options, cancellationToken);

    private static readonly Operation<BatchGetPartitionRequest, BatchGetPartitionResponse> BatchGetPartitionOperation = GlueApi.Service.Operation<BatchGetPartitionRequest, BatchGetPartitionResponse>("BatchGetPartition",
        "InvalidInputException", "EntityNotFoundException", "OperationTimeoutException", "InternalServiceException", "GlueEncryptionException", "InvalidStateException");

    public virtual Task<BatchGetPartitionResponse> BatchGetPartitionAsync(BatchGetPartitionRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<BatchGetPartitionResponse>(request, BatchGetPartitionOperation.Options, cancellationToken);

    private static readonly Operation<BatchUpdatePartitionRequest, BatchUpdatePartitionResponse> BatchUpdatePartitionOperation = GlueApi.Service.Operation<BatchUpdatePartitionRequest, BatchUpdatePartitionResponse>("BatchUpdatePartition",
        "InvalidInputException", "EntityNotFoundException", "OperationTimeoutException", "InternalServiceException", "GlueEncryptionException");

    public virtual Task<BatchUpdatePartitionResponse> BatchUpdatePartitionAsync(BatchUpdatePartitionRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<BatchUpdatePartitionResponse>(request, BatchUpdatePartitionOperation.Options, cancellationToken);

    private static readonly Operation<BatchDeletePartitionRequest, BatchDeletePartitionResponse> BatchDeletePartitionOperation = GlueApi.Service.Operation<BatchDeletePartitionRequest, BatchDeletePartitionResponse>("BatchDeletePartition",
        "InvalidInputException", "EntityNotFoundException", "InternalServiceException", "OperationTimeoutException");

    public virtual Task<BatchDeletePartitionResponse> BatchDeletePartitionAsync(BatchDeletePartitionRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<BatchDeletePartitionResponse>(request, BatchDeletePartitionOperation.Options, cancellationToken);
}
