using Amazon.Runtime;
using StandIns;

namespace Amazon.Athena.Model;

public interface IAthenaPaginatorFactory
{
    IListQueryExecutionsPaginator ListQueryExecutions(ListQueryExecutionsRequest request);
    IGetQueryResultsPaginator GetQueryResults(GetQueryResultsRequest request);
    IListWorkGroupsPaginator ListWorkGroups(ListWorkGroupsRequest request);
    IListDataCatalogsPaginator ListDataCatalogs(ListDataCatalogsRequest request);
    IListDatabasesPaginator ListDatabases(ListDatabasesRequest request);
    IListTableMetadataPaginator ListTableMetadata(ListTableMetadataRequest request);
}

public class AthenaPaginatorFactory : IAthenaPaginatorFactory
{
    private readonly IAmazonAthena _client;

    internal AthenaPaginatorFactory(IAmazonAthena client) => _client = client;

    public IListQueryExecutionsPaginator ListQueryExecutions(ListQueryExecutionsRequest request) => new ListQueryExecutionsPaginator(_client, request);
    public IGetQueryResultsPaginator GetQueryResults(GetQueryResultsRequest request) => new GetQueryResultsPaginator(_client, request);
    public IListWorkGroupsPaginator ListWorkGroups(ListWorkGroupsRequest request) => new ListWorkGroupsPaginator(_client, request);
    public IListDataCatalogsPaginator ListDataCatalogs(ListDataCatalogsRequest request) => new ListDataCatalogsPaginator(_client, request);
    public IListDatabasesPaginator ListDatabases(ListDatabasesRequest request) => new ListDatabasesPaginator(_client, request);
    public IListTableMetadataPaginator ListTableMetadata(ListTableMetadataRequest request) => new ListTableMetadataPaginator(_client, request);
}

public interface IListQueryExecutionsPaginator
{
    IPaginatedEnumerable<ListQueryExecutionsResponse> Responses { get; }
}

internal sealed class ListQueryExecutionsPaginator(IAmazonAthena client, ListQueryExecutionsRequest request)
    : TokenPaginator<ListQueryExecutionsRequest, ListQueryExecutionsResponse>(request, client.ListQueryExecutionsAsync, (r, token) => r.NextToken = token, r => r.NextToken, r => r.NextToken), IListQueryExecutionsPaginator;

public interface IGetQueryResultsPaginator
{
    IPaginatedEnumerable<GetQueryResultsResponse> Responses { get; }
}

internal sealed class GetQueryResultsPaginator(IAmazonAthena client, GetQueryResultsRequest request)
    : TokenPaginator<GetQueryResultsRequest, GetQueryResultsResponse>(request, client.GetQueryResultsAsync, (r, token) => r.NextToken = token, r => r.NextToken, r => r.NextToken), IGetQueryResultsPaginator;

public interface IListWorkGroupsPaginator
{
    IPaginatedEnumerable<ListWorkGroupsResponse> Responses { get; }
}

internal sealed class ListWorkGroupsPaginator(IAmazonAthena client, ListWorkGroupsRequest request)
    : TokenPaginator<ListWorkGroupsRequest, ListWorkGroupsResponse>(request, client.ListWorkGroupsAsync, (r, token) => r.NextToken = token, r => r.NextToken, r => r.NextToken), IListWorkGroupsPaginator;

public interface IListDataCatalogsPaginator
{
    IPaginatedEnumerable<ListDataCatalogsResponse> Responses { get; }
}

internal sealed class ListDataCatalogsPaginator(IAmazonAthena client, ListDataCatalogsRequest request)
    : TokenPaginator<ListDataCatalogsRequest, ListDataCatalogsResponse>(request, client.ListDataCatalogsAsync, (r, token) => r.NextToken = token, r => r.NextToken, r => r.NextToken), IListDataCatalogsPaginator;

public interface IListDatabasesPaginator
{
    IPaginatedEnumerable<ListDatabasesResponse> Responses { get; }
}

internal sealed class ListDatabasesPaginator(IAmazonAthena client, ListDatabasesRequest request)
    : TokenPaginator<ListDatabasesRequest, ListDatabasesResponse>(request, client.ListDatabasesAsync, (r, token) => r.NextToken = token, r => r.NextToken, r => r.NextToken), IListDatabasesPaginator;

public interface IListTableMetadataPaginator
{
    IPaginatedEnumerable<ListTableMetadataResponse> Responses { get; }
}

internal sealed class ListTableMetadataPaginator(IAmazonAthena client, ListTableMetadataRequest request)
    : TokenPaginator<ListTableMetadataRequest, ListTableMetadataResponse>(request, client.ListTableMetadataAsync, (r, token) => r.NextToken = token, r => r.NextToken, r => r.NextToken), IListTableMetadataPaginator;
