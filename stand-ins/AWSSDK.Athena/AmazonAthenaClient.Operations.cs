using Amazon.Athena.Model;
using Amazon.Athena.Model.Internal;
using StandIns;

namespace Amazon.Athena;

public partial class AmazonAthenaClient
{
    private static readonly Operation<StartQueryExecutionRequest, StartQueryExecutionResponse> StartQueryExecutionOperation = AthenaApi.Service.Operation<StartQueryExecutionRequest, StartQueryExecutionResponse>("StartQueryExecution",
        "InternalServerException", "InvalidRequestException", "TooManyRequestsException");

    public virtual Task<StartQueryExecutionResponse> StartQueryExecutionAsync(StartQueryExecutionRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<StartQueryExecutionResponse>(request, StartQueryExecutionOperation.Options, cancellationToken);

    private static readonly Operation<GetQueryExecutionRequest, GetQueryExecutionResponse> GetQueryExecutionOperation = AthenaApi.Service.Operation<GetQueryExecutionRequest, GetQueryExecutionResponse>("GetQueryExecution",
        "InternalServerException", "InvalidRequestException");

    public virtual Task<GetQueryExecutionResponse> GetQueryExecutionAsync(GetQueryExecutionRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<GetQueryExecutionResponse>(request, GetQueryExecutionOperation.Options, cancellationToken);

    private static readonly Operation<BatchGetQueryExecutionRequest, BatchGetQueryExecutionResponse> BatchGetQueryExecutionOperation = AthenaApi.Service.Operation<BatchGetQueryExecutionRequest, BatchGetQueryExecutionResponse>("BatchGetQueryExecution",
        "InternalServerException", "InvalidRequestException");

    public virtual Task<BatchGetQueryExecutionResponse> BatchGetQueryExecutionAsync(BatchGetQueryExecutionRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<BatchGetQueryExecutionResponse>(request, BatchGetQueryExecutionOperation.Options, cancellationToken);

    private static readonly Operation<StopQueryExecutionRequest, StopQueryExecutionResponse> StopQueryExecutionOperation = AthenaApi.Service.Operation<StopQueryExecutionRequest, StopQueryExecutionResponse>("StopQueryExecution",
        "InternalServerException", "InvalidRequestException");

    public virtual Task<StopQueryExecutionResponse> StopQueryExecutionAsync(StopQueryExecutionRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<StopQueryExecutionResponse>(request, StopQueryExecutionOperation.Options, cancellationToken);

    private static readonly Operation<ListQueryExecutionsRequest, ListQueryExecutionsResponse> ListQueryExecutionsOperation = AthenaApi.Service.Operation<ListQueryExecutionsRequest, ListQueryExecutionsResponse>("ListQueryExecutions",
        "InternalServerException", "InvalidRequestException");

    public virtual Task<ListQueryExecutionsResponse> ListQueryExecutionsAsync(ListQueryExecutionsRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<ListQueryExecutionsResponse>(request, ListQueryExecutionsOperation.Options, cancellationToken);

    private static readonly Operation<GetQueryResultsRequest, GetQueryResultsResponse> GetQueryResultsOperation = AthenaApi.Service.Operation<GetQueryResultsRequest, GetQueryResultsResponse>("GetQueryResults",
        "InternalServerException", "InvalidRequestException", "TooManyRequestsException");

    public virtual Task<GetQueryResultsResponse> GetQueryResultsAsync(GetQueryResultsRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<GetQueryResultsResponse>(request, GetQueryResultsOperation.Options, cancellationToken);

    private static readonly Operation<CreateWorkGroupRequest, CreateWorkGroupResponse> CreateWorkGroupOperation = AthenaApi.Service.Operation<CreateWorkGroupRequest, CreateWorkGroupResponse>("CreateWorkGroup",
        "InternalServerException", "InvalidRequestException");

    public virtual Task<CreateWorkGroupResponse> CreateWorkGroupAsync(CreateWorkGroupRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<CreateWorkGroupResponse>(request, CreateWorkGroupOperation.Options, cancellationToken);

    private static readonly Operation<GetWorkGroupRequest, GetWorkGroupResponse> GetWorkGroupOperation = AthenaApi.Service.Operation<GetWorkGroupRequest, GetWorkGroupResponse>("GetWorkGroup",
        "InternalServerException", "InvalidRequestException");

    public virtual Task<GetWorkGroupResponse> GetWorkGroupAsync(GetWorkGroupRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<GetWorkGroupResponse>(request, GetWorkGroupOperation.Options, cancellationToken);

    private static readonly Operation<UpdateWorkGroupRequest, UpdateWorkGroupResponse> UpdateWorkGroupOperation = AthenaApi.Service.Operation<UpdateWorkGroupRequest, UpdateWorkGroupResponse>("UpdateWorkGroup",
        "InternalServerException", "InvalidRequestException");

    public virtual Task<UpdateWorkGroupResponse> UpdateWorkGroupAsync(UpdateWorkGroupRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<UpdateWorkGroupResponse>(request, UpdateWorkGroupOperation.Options, cancellationToken);

    private static readonly Operation<DeleteWorkGroupRequest, DeleteWorkGroupResponse> DeleteWorkGroupOperation = AthenaApi.Service.Operation<DeleteWorkGroupRequest, DeleteWorkGroupResponse>("DeleteWorkGroup",
        "InternalServerException", "InvalidRequestException");

    public virtual Task<DeleteWorkGroupResponse> DeleteWorkGroupAsync(DeleteWorkGroupRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<DeleteWorkGroupResponse>(request, DeleteWorkGroupOperation.Options, cancellationToken);

    private static readonly Operation<ListWorkGroupsRequest, ListWorkGroupsResponse> ListWorkGroupsOperation = AthenaApi.Service.Operation<ListWorkGroupsRequest, ListWorkGroupsResponse>("ListWorkGroups",
        "InternalServerException", "InvalidRequestException");

    public virtual Task<ListWorkGroupsResponse> ListWorkGroupsAsync(ListWorkGroupsRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<ListWorkGroupsResponse>(request, ListWorkGroupsOperation.Options, cancellationToken);

    private static readonly Operation<ListDataCatalogsRequest, ListDataCatalogsResponse> ListDataCatalogsOperation = AthenaApi.Service.Operation<ListDataCatalogsRequest, ListDataCatalogsResponse>("ListDataCatalogs",
        "InternalServerException", "InvalidRequestException");

    public virtual Task<ListDataCatalogsResponse> ListDataCatalogsAsync(ListDataCatalogsRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<ListDataCatalogsResponse>(request, ListDataCatalogsOperation.Options, cancellationToken);

    private static readonly Operation<GetDataCatalogRequest, GetDataCatalogResponse> GetDataCatalogOperation = AthenaApi.Service.Operation<GetDataCatalogRequest, GetDataCatalogResponse>("GetDataCatalog",
        "InternalServerException", "InvalidRequestException");

    public virtual Task<GetDataCatalogResponse> GetDataCatalogAsync(GetDataCatalogRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<GetDataCatalogResponse>(request, GetDataCatalogOperation.Options, cancellationToken);

    private static readonly Operation<ListDatabasesRequest, ListDatabasesResponse> ListDatabasesOperation = AthenaApi.Service.Operation<ListDatabasesRequest, ListDatabasesResponse>("ListDatabases",
        "InternalServerException", "InvalidRequestException", "MetadataException");

    public virtual Task<ListDatabasesResponse> ListDatabasesAsync(ListDatabasesRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<ListDatabasesResponse>(request, ListDatabasesOperation.Options, cancellationToken);

    private static readonly Operation<GetDatabaseRequest, GetDatabaseResponse> GetDatabaseOperation = AthenaApi.Service.Operation<GetDatabaseRequest, GetDatabaseResponse>("GetDatabase",
        "InternalServerException", "InvalidRequestException", "MetadataException");

    public virtual Task<GetDatabaseResponse> GetDatabaseAsync(GetDatabaseRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<GetDatabaseResponse>(request, GetDatabaseOperation.Options, cancellationToken);

    private static readonly Operation<ListTableMetadataRequest, ListTableMetadataResponse> ListTableMetadataOperation = AthenaApi.Service.Operation<ListTableMetadataRequest, ListTableMetadataResponse>("ListTableMetadata",
        "InternalServerException", "InvalidRequestException", "MetadataException");

    public virtual Task<ListTableMetadataResponse> ListTableMetadataAsync(ListTableMetadataRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<ListTableMetadataResponse>(request, ListTableMetadataOperation.Options, cancellationToken);

    private static readonly Operation<GetTableMetadataRequest, GetTableMetadataResponse> GetTableMetadataOperation = AthenaApi.Service.Operation<GetTableMetadataRequest, GetTableMetadataResponse>("GetTableMetadata",
        "InternalServerException", "InvalidRequestException", "MetadataException");

    public virtual Task<GetTableMetadataResponse> GetTableMetadataAsync(GetTableMetadataRequest request, CancellationToken cancellationToken = default)
        => InvokeAsync<GetTableMetadataResponse>(request, GetTableMetadataOperation.Options, cancellationToken);
}
