using LocalCloud.Protocol;

namespace LocalCloud.Glue;

internal sealed partial class GlueApi
{
    private sealed record TableRequest(
        string? DatabaseName, string? Name, string? TableName, TableInput? TableInput, bool? SkipArchive, string? VersionId,
        IReadOnlyList<string>? TablesToDelete, IReadOnlyList<string>? VersionIds);

    private sealed record TableError(string TableName, ErrorDetail ErrorDetail);

    private void Tables()
    {
        Handle<TableRequest, object?>("CreateTable", (request, _) =>
            Done(() => _catalog.CreateTable(Database(request), Required(request.TableInput, "tableInput"))));
        Handle<TableRequest, object>("GetTable", (request, _) =>
            new { Table = _catalog.GetTable(Database(request), Required(request.Name, "name")) });
        Handle<TableRequest, object?>("UpdateTable", (request, _) =>
            Done(() => _catalog.UpdateTable(
                Database(request), Required(request.TableInput, "tableInput"), request.SkipArchive ?? false, request.VersionId)));
        Handle<TableRequest, object?>("DeleteTable", (request, _) =>
            Done(() => _catalog.DeleteTable(Database(request), Required(request.Name, "name"))));
        Handle<TableRequest, object>("BatchDeleteTable", (request, _) => new { Errors = DeleteTables(request) });
        Handle<ListRequest, object>("GetTables", (request, _) =>
        {
            var tables = _catalog.GetTables(Required(request.DatabaseName, "databaseName"), request.Expression);
            var (page, next) = Page(tables, table => table.Name, request);
            return new { TableList = page, NextToken = next };
        });
        Handle<ListRequest, object>("GetTableVersions", (request, _) =>
        {
            var versions = _catalog.GetTableVersions(Required(request.DatabaseName, "databaseName"), Required(request.TableName, "tableName"));
            var (page, next) = Page(versions, version => version.VersionId, request);
            return new { TableVersions = page, NextToken = next };
        });
        Handle<TableRequest, object>("GetTableVersion", (request, _) =>
        {
            var versions = _catalog.GetTableVersions(Database(request), Required(request.TableName, "tableName"));
            var found = versions.FirstOrDefault(version => request.VersionId is null || version.VersionId == request.VersionId);
            return new { TableVersion = found ?? throw new AwsException("EntityNotFoundException", "Version not found.") };
        });
        Handle<TableRequest, object?>("DeleteTableVersion", (request, _) =>
        {
            var errors = _catalog.DeleteTableVersions(
                Database(request), Required(request.TableName, "tableName"), [Required(request.VersionId, "versionId")]);
            return errors is [] ? null : throw new AwsException(errors[0].ErrorDetail.ErrorCode, errors[0].ErrorDetail.ErrorMessage);
        });
        Handle<TableRequest, object>("BatchDeleteTableVersion", (request, _) => new
        {
            Errors = _catalog.DeleteTableVersions(
                Database(request), Required(request.TableName, "tableName"), Required(request.VersionIds, "versionIds", 100)),
        });
    }

    private List<TableError> DeleteTables(TableRequest request)
    {
        var errors = new List<TableError>();
        foreach (var name in Required(request.TablesToDelete, "tablesToDelete", 100))
        {
            try
            {
                _catalog.DeleteTable(Database(request), name);
            }
            catch (AwsException e)
            {
                errors.Add(new TableError(name, new ErrorDetail(e.Code, e.Message)));
            }
        }

        return errors;
    }

    private static string Database(TableRequest request) => Required(request.DatabaseName, "databaseName");
}
