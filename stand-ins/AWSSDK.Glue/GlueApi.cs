using System.Text.Json.Serialization;
using StandIns;

namespace Amazon.Glue.Model.Internal;

internal static class GlueApi
{
    public static readonly Service Service = new(
        "Amazon.Glue", "Glue", "AWSGlue", "2017-03-31", GlueJson.Default,
        [
            new ConstantConverter<ResourceShareType>(ResourceShareType.FindValue)
        ],
        new()
        {
            ["AlreadyExistsException"] = (error, body) => new AlreadyExistsException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode),
            ["ConcurrentModificationException"] = (error, body) => new ConcurrentModificationException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode),
            ["EntityNotFoundException"] = (error, body) => new EntityNotFoundException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode),
            ["GlueEncryptionException"] = (error, body) => new GlueEncryptionException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode),
            ["InternalServiceException"] = (error, body) => new InternalServiceException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode),
            ["InvalidInputException"] = (error, body) => new InvalidInputException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode),
            ["InvalidStateException"] = (error, body) => new InvalidStateException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode),
            ["OperationTimeoutException"] = (error, body) => new OperationTimeoutException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode),
            ["ResourceNotReadyException"] = (error, body) => new ResourceNotReadyException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode),
            ["ResourceNumberLimitExceededException"] = (error, body) => new ResourceNumberLimitExceededException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode),
        },
        error => new AmazonGlueException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode));
}

[JsonSerializable(typeof(CreateDatabaseRequest))]
[JsonSerializable(typeof(CreateDatabaseResponse))]
[JsonSerializable(typeof(GetDatabaseRequest))]
[JsonSerializable(typeof(GetDatabaseResponse))]
[JsonSerializable(typeof(GetDatabasesRequest))]
[JsonSerializable(typeof(GetDatabasesResponse))]
[JsonSerializable(typeof(UpdateDatabaseRequest))]
[JsonSerializable(typeof(UpdateDatabaseResponse))]
[JsonSerializable(typeof(DeleteDatabaseRequest))]
[JsonSerializable(typeof(DeleteDatabaseResponse))]
[JsonSerializable(typeof(CreateTableRequest))]
[JsonSerializable(typeof(CreateTableResponse))]
[JsonSerializable(typeof(GetTableRequest))]
[JsonSerializable(typeof(GetTableResponse))]
[JsonSerializable(typeof(GetTablesRequest))]
[JsonSerializable(typeof(GetTablesResponse))]
[JsonSerializable(typeof(UpdateTableRequest))]
[JsonSerializable(typeof(UpdateTableResponse))]
[JsonSerializable(typeof(DeleteTableRequest))]
[JsonSerializable(typeof(DeleteTableResponse))]
[JsonSerializable(typeof(BatchDeleteTableRequest))]
[JsonSerializable(typeof(BatchDeleteTableResponse))]
[JsonSerializable(typeof(GetTableVersionRequest))]
[JsonSerializable(typeof(GetTableVersionResponse))]
[JsonSerializable(typeof(GetTableVersionsRequest))]
[JsonSerializable(typeof(GetTableVersionsResponse))]
[JsonSerializable(typeof(DeleteTableVersionRequest))]
[JsonSerializable(typeof(DeleteTableVersionResponse))]
[JsonSerializable(typeof(BatchDeleteTableVersionRequest))]
[JsonSerializable(typeof(BatchDeleteTableVersionResponse))]
[JsonSerializable(typeof(CreatePartitionRequest))]
[JsonSerializable(typeof(CreatePartitionResponse))]
[JsonSerializable(typeof(GetPartitionRequest))]
[JsonSerializable(typeof(GetPartitionResponse))]
[JsonSerializable(typeof(GetPartitionsRequest))]
[JsonSerializable(typeof(GetPartitionsResponse))]
[JsonSerializable(typeof(UpdatePartitionRequest))]
[JsonSerializable(typeof(UpdatePartitionResponse))]
[JsonSerializable(typeof(DeletePartitionRequest))]
[JsonSerializable(typeof(DeletePartitionResponse))]
[JsonSerializable(typeof(BatchCreatePartitionRequest))]
[JsonSerializable(typeof(BatchCreatePartitionResponse))]
[JsonSerializable(typeof(BatchGetPartitionRequest))]
[JsonSerializable(typeof(BatchGetPartitionResponse))]
[JsonSerializable(typeof(BatchUpdatePartitionRequest))]
[JsonSerializable(typeof(BatchUpdatePartitionResponse))]
[JsonSerializable(typeof(BatchDeletePartitionRequest))]
[JsonSerializable(typeof(BatchDeletePartitionResponse))]
internal sealed partial class GlueJson : JsonSerializerContext;
