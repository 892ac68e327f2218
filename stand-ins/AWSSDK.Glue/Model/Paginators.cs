using Amazon.Runtime;
using StandIns;

namespace Amazon.Glue.Model;

public interface IGluePaginatorFactory
{
    IGetDatabasesPaginator GetDatabases(GetDatabasesRequest request);
    IGetTablesPaginator GetTables(GetTablesRequest request);
    IGetTableVersionsPaginator GetTableVersions(GetTableVersionsRequest request);
    IGetPartitionsPaginator GetPartitions(GetPartitionsRequest request);
}

public class GluePaginatorFactory : IGluePaginatorFactory
{
    private readonly IAmazonGlue _client;

    internal GluePaginatorFactory(IAmazonGlue client) => _client = client;

    public IGetDatabasesPaginator GetDatabases(GetDatabasesRequest request) => new GetDatabasesPaginator(_client, request);
    public IGetTablesPaginator GetTables(GetTablesRequest request) => new GetTablesPaginator(_client, request);
    public IGetTableVersionsPaginator GetTableVersions(GetTableVersionsRequest request) => new GetTableVersionsPaginator(_client, request);
    public IGetPartitionsPaginator GetPartitions(GetPartitionsRequest request) => new GetPartitionsPaginator(_client, request);
}

public interface IGetDatabasesPaginator
{
    IPaginatedEnumerable<GetDatabasesResponse> Responses { get; }
}

internal sealed class GetDatabasesPaginator(IAmazonGlue client, GetDatabasesRequest request)
    : TokenPaginator<GetDatabasesRequest, GetDatabasesResponse>(request, client.GetDatabasesAsync, (r, token) => r.NextToken = token, r => r.NextToken, r => r.NextToken), IGetDatabasesPaginator;

public interface IGetTablesPaginator
{
    IPaginatedEnumerable<GetTablesResponse> Responses { get; }
}

internal sealed class GetTablesPaginator(IAmazonGlue client, GetTablesRequest request)
    : TokenPaginator<GetTablesRequest, GetTablesResponse>(request, client.GetTablesAsync, (r, token) => r.NextToken = token, r => r.NextToken, r => r.NextToken), IGetTablesPaginator;

public interface IGetTableVersionsPaginator
{
    IPaginatedEnumerable<GetTableVersionsResponse> Responses { get; }
}

internal sealed class GetTableVersionsPaginator(IAmazonGlue client, GetTableVersionsRequest request)
    : TokenPaginator<GetTableVersionsRequest, GetTableVersionsResponse>(request, client.GetTableVersionsAsync, (r, token) => r.NextToken = token, r => r.NextToken, r => r.NextToken), IGetTableVersionsPaginator;

public interface IGetPartitionsPaginator
{
    IPaginatedEnumerable<GetPartitionsResponse> Responses { get; }
}

internal sealed class GetPartitionsPaginator(IAmazonGlue client, GetPartitionsRequest request)
    : TokenPaginator<GetPartitionsRequest, GetPartitionsResponse>(request, client.GetPartitionsAsync, (r, token) => r.NextToken = token, r => r.NextToken, r => r.NextToken), IGetPartitionsPaginator;
