namespace LocalCloud.Athena;

internal sealed partial class AthenaApi
{
    private sealed record NamedQueryRequest(string? Name, string? Description, string? Database, string? QueryString, string? WorkGroup);

    private sealed record OneNamedQuery(string? NamedQueryId);

    private sealed record SomeNamedQueries(IReadOnlyList<string>? NamedQueryIds);

    private void HandleNamedQueries()
    {
        Handle<NamedQueryRequest, object>("CreateNamedQuery", (request, _) =>
        {
            if (string.IsNullOrEmpty(request.Name) || string.IsNullOrEmpty(request.Database) || string.IsNullOrEmpty(request.QueryString))
            {
                throw Invalid("Name, Database and QueryString are required");
            }

            var group = _workGroups.Get(request.WorkGroup ?? WorkGroups.Primary);
            var query = new NamedQuery(request.Name, request.Description, request.Database, request.QueryString, Guid.NewGuid().ToString(), group.Name);
            _database.AddNamedQuery(query);
            return new { query.NamedQueryId };
        });
        Handle<OneNamedQuery, object>("GetNamedQuery", (request, _) => new { NamedQuery = RequireNamedQuery(request.NamedQueryId) });
        Handle<SomeNamedQueries, object>("BatchGetNamedQuery", (request, _) => new
        {
            NamedQueries = (request.NamedQueryIds ?? []).Select(_database.FindNamedQuery).Where(q => q is not null).ToList(),
            UnprocessedNamedQueryIds = (request.NamedQueryIds ?? []).Where(id => _database.FindNamedQuery(id) is null)
                .Select(id => new { NamedQueryId = id, ErrorCode = "INVALID_NAMED_QUERY_ID", ErrorMessage = $"NamedQuery {id} was not found" }).ToList(),
        });
        Handle<OneNamedQuery, object?>("DeleteNamedQuery", (request, _) =>
        {
            _database.DeleteNamedQuery(RequireNamedQuery(request.NamedQueryId).NamedQueryId);
            return null;
        });
        Handle<ListRequest, object>("ListNamedQueries", (request, _) =>
        {
            var group = _workGroups.Get(request.WorkGroup ?? WorkGroups.Primary);
            var (page, next) = Page(_database.NamedQueryIds(group.Name), id => id, request.NextToken, request.MaxResults, 50);
            return new { NamedQueryIds = page, NextToken = next };
        });
    }

    private NamedQuery RequireNamedQuery(string? id) => (id is null ? null : _database.FindNamedQuery(id)) ?? throw Invalid($"NamedQuery {id} was not found");
}
