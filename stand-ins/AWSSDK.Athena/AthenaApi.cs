using System.Text.Json.Serialization;
using StandIns;

namespace Amazon.Athena.Model.Internal;

internal static class AthenaApi
{
    public static readonly Service Service = new(
        "Amazon.Athena", "Athena", "AmazonAthena", "2017-05-18", AthenaJson.Default,
        [
            new ConstantConverter<ColumnNullable>(ColumnNullable.FindValue),
            new ConstantConverter<DataCatalogType>(DataCatalogType.FindValue),
            new ConstantConverter<EncryptionOption>(EncryptionOption.FindValue),
            new ConstantConverter<QueryExecutionState>(QueryExecutionState.FindValue),
            new ConstantConverter<S3AclOption>(S3AclOption.FindValue),
            new ConstantConverter<StatementType>(StatementType.FindValue),
            new ConstantConverter<ThrottleReason>(ThrottleReason.FindValue),
            new ConstantConverter<WorkGroupState>(WorkGroupState.FindValue)
        ],
        new()
        {
            ["InternalServerException"] = (error, body) => new InternalServerException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode),
            ["InvalidRequestException"] = (error, body) => new InvalidRequestException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode) { AthenaErrorCode = body.Text("AthenaErrorCode") },
            ["MetadataException"] = (error, body) => new MetadataException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode),
            ["TooManyRequestsException"] = (error, body) => new TooManyRequestsException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode) { Reason = body.Text("Reason") },
        },
        error => new AmazonAthenaException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode));
}

[JsonSerializable(typeof(StartQueryExecutionRequest))]
[JsonSerializable(typeof(StartQueryExecutionResponse))]
[JsonSerializable(typeof(GetQueryExecutionRequest))]
[JsonSerializable(typeof(GetQueryExecutionResponse))]
[JsonSerializable(typeof(BatchGetQueryExecutionRequest))]
[JsonSerializable(typeof(BatchGetQueryExecutionResponse))]
[JsonSerializable(typeof(StopQueryExecutionRequest))]
[JsonSerializable(typeof(StopQueryExecutionResponse))]
[JsonSerializable(typeof(ListQueryExecutionsRequest))]
[JsonSerializable(typeof(ListQueryExecutionsResponse))]
[JsonSerializable(typeof(GetQueryResultsRequest))]
[JsonSerializable(typeof(GetQueryResultsResponse))]
[JsonSerializable(typeof(CreateWorkGroupRequest))]
[JsonSerializable(typeof(CreateWorkGroupResponse))]
[JsonSerializable(typeof(GetWorkGroupRequest))]
[JsonSerializable(typeof(GetWorkGroupResponse))]
[JsonSerializable(typeof(UpdateWorkGroupRequest))]
[JsonSerializable(typeof(UpdateWorkGroupResponse))]
[JsonSerializable(typeof(DeleteWorkGroupRequest))]
[JsonSerializable(typeof(DeleteWorkGroupResponse))]
[JsonSerializable(typeof(ListWorkGroupsRequest))]
[JsonSerializable(typeof(ListWorkGroupsResponse))]
[JsonSerializable(typeof(ListDataCatalogsRequest))]
[JsonSerializable(typeof(ListDataCatalogsResponse))]
[JsonSerializable(typeof(GetDataCatalogRequest))]
[JsonSerializable(typeof(GetDataCatalogResponse))]
[JsonSerializable(typeof(ListDatabasesRequest))]
[JsonSerializable(typeof(ListDatabasesResponse))]
[JsonSerializable(typeof(GetDatabaseRequest))]
[JsonSerializable(typeof(GetDatabaseResponse))]
[JsonSerializable(typeof(ListTableMetadataRequest))]
[JsonSerializable(typeof(ListTableMetadataResponse))]
[JsonSerializable(typeof(GetTableMetadataRequest))]
[JsonSerializable(typeof(GetTableMetadataResponse))]
internal sealed partial class AthenaJson : JsonSerializerContext;
