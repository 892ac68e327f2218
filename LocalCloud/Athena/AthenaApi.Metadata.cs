using System.Text.RegularExpressions;
using LocalCloud.Athena.Scanning;
using LocalCloud.Glue;
using LocalCloud.Protocol;

namespace LocalCloud.Athena;

internal sealed partial class AthenaApi
{
    private const string CatalogName = "AwsDataCatalog";

    private sealed record WorkGroupRequest(string? Name, WorkGroupConfiguration? Configuration, string? Description);

    private sealed record WorkGroupName(string? WorkGroup, bool? RecursiveDeleteOption);

    private sealed record WorkGroupUpdate(string? WorkGroup, string? Description, string? State, ConfigurationUpdates? ConfigurationUpdates);

    // In an update what is not named stays, and what is to go has a flag of its own (API_WorkGroupConfigurationUpdates).
    private sealed record ConfigurationUpdates(
        bool? EnforceWorkGroupConfiguration, ResultConfigurationUpdates? ResultConfigurationUpdates, bool? PublishCloudWatchMetricsEnabled,
        long? BytesScannedCutoffPerQuery, bool? RemoveBytesScannedCutoffPerQuery, bool? RequesterPaysEnabled);

    private sealed record ResultConfigurationUpdates(
        string? OutputLocation, bool? RemoveOutputLocation, Dictionary<string, string>? EncryptionConfiguration, bool? RemoveEncryptionConfiguration,
        string? ExpectedBucketOwner, bool? RemoveExpectedBucketOwner);

    private sealed record NameRequest(string? Name, string? CatalogName, string? DatabaseName, string? TableName, string? Expression, string? NextToken, int? MaxResults);

    private void HandleWorkGroups()
    {
        Handle<WorkGroupRequest, object?>("CreateWorkGroup", (request, _) =>
        {
            _workGroups.Create(request.Name, request.Configuration, request.Description);
            return null;
        });
        Handle<WorkGroupName, object>("GetWorkGroup", (request, _) => new { WorkGroup = _workGroups.Get(request.WorkGroup) });
        Handle<WorkGroupUpdate, object?>("UpdateWorkGroup", (request, _) =>
        {
            _workGroups.Update(request.WorkGroup, group => group with
            {
                Description = request.Description ?? group.Description,
                State = request.State ?? group.State,
                Configuration = Change(group.Configuration, request.ConfigurationUpdates),
            });
            return null;
        });
        Handle<WorkGroupName, object?>("DeleteWorkGroup", (request, _) =>
        {
            _workGroups.Delete(request.WorkGroup, request.RecursiveDeleteOption == true);
            return null;
        });
        Handle<ListRequest, object>("ListWorkGroups", (request, _) =>
        {
            var (page, next) = Page(_workGroups.All(), g => g.Name, request.NextToken, request.MaxResults, 50);
            return new { WorkGroups = page.Select(g => new { g.Name, g.State, g.Description, g.CreationTime, g.Configuration.EngineVersion }), NextToken = next };
        });
    }

    private static WorkGroupConfiguration Change(WorkGroupConfiguration old, ConfigurationUpdates? updates)
    {
        if (updates is null)
        {
            return old;
        }

        var results = old.ResultConfiguration ?? new ResultConfiguration();
        if (updates.ResultConfigurationUpdates is { } to)
        {
            results = results with
            {
                OutputLocation = to.RemoveOutputLocation == true ? null : to.OutputLocation ?? results.OutputLocation,
                EncryptionConfiguration = to.RemoveEncryptionConfiguration == true ? null : to.EncryptionConfiguration ?? results.EncryptionConfiguration,
                ExpectedBucketOwner = to.RemoveExpectedBucketOwner == true ? null : to.ExpectedBucketOwner ?? results.ExpectedBucketOwner,
            };
        }

        return old with
        {
            ResultConfiguration = results,
            EnforceWorkGroupConfiguration = updates.EnforceWorkGroupConfiguration ?? old.EnforceWorkGroupConfiguration,
            PublishCloudWatchMetricsEnabled = updates.PublishCloudWatchMetricsEnabled ?? old.PublishCloudWatchMetricsEnabled,
            RequesterPaysEnabled = updates.RequesterPaysEnabled ?? old.RequesterPaysEnabled,
            BytesScannedCutoffPerQuery = updates.RemoveBytesScannedCutoffPerQuery == true ? null : updates.BytesScannedCutoffPerQuery ?? old.BytesScannedCutoffPerQuery,
        };
    }

    private void HandleMetadata()
    {
        Handle<NameRequest, object>("ListDataCatalogs", (_, _) => new { DataCatalogsSummary = new[] { new { CatalogName, Type = "GLUE", Status = "CREATE_COMPLETE" } } });
        Handle<NameRequest, object>("GetDataCatalog", (request, call) =>
        {
            RequireCatalog(request.Name);
            return new { DataCatalog = new { Name = CatalogName, Type = "GLUE", Parameters = new Dictionary<string, string> { ["catalog-id"] = call.AccountId }, Status = "CREATE_COMPLETE" } };
        });
        Handle<NameRequest, object>("ListDatabases", (request, _) =>
        {
            RequireCatalog(request.CatalogName);
            var (page, next) = Page(_world.Catalog.GetDatabases(), d => d.Name, request.NextToken, request.MaxResults, 50);
            return new { DatabaseList = page.Select(Shape), NextToken = next };
        });
        Handle<NameRequest, object>("GetDatabase", (request, _) =>
        {
            RequireCatalog(request.CatalogName);
            return new { Database = Shape(_world.Catalog.FindDatabase(request.DatabaseName ?? "") ?? throw NoMetadata($"Database {request.DatabaseName} not found.")) };
        });
        Handle<NameRequest, object>("ListTableMetadata", (request, _) =>
        {
            RequireCatalog(request.CatalogName);
            if (_world.Catalog.FindDatabase(request.DatabaseName ?? "") is null)
            {
                throw NoMetadata($"Database {request.DatabaseName} not found.");
            }

            var pattern = Pattern(request.Expression);
            var tables = _world.Catalog.GetTables(request.DatabaseName!).Where(t => pattern?.IsMatch(t.Name) != false).ToList();
            var (page, next) = Page(tables, t => t.Name, request.NextToken, request.MaxResults, 50);
            return new { TableMetadataList = page.Select(Shape), NextToken = next };
        });
        Handle<NameRequest, object>("GetTableMetadata", (request, _) =>
        {
            RequireCatalog(request.CatalogName);
            return new { TableMetadata = Shape(_world.Catalog.FindTable(request.DatabaseName ?? "", request.TableName ?? "") ?? throw NoMetadata($"Table {request.TableName} not found.")) };
        });
    }

    private static AwsException NoMetadata(string message) => new("MetadataException", message);

    private static void RequireCatalog(string? name)
    {
        if (name is null || !name.Equals(CatalogName, StringComparison.OrdinalIgnoreCase))
        {
            throw Invalid($"Data catalog {name} was not found");
        }
    }

    private static Regex? Pattern(string? expression)
    {
        try
        {
            return expression is null ? null : new Regex($"^(?:{expression})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw Invalid($"Expression {expression} is not a valid regular expression");
        }
    }

    private static object Shape(GlueDatabase database) => new { database.Name, database.Description, Parameters = database.Parameters ?? new Dictionary<string, string>() };

    private static object Shape(GlueTable table)
    {
        // Athena's answer has the storage descriptor among the parameters.
        var parameters = new Dictionary<string, string>(table.Parameters ?? new Dictionary<string, string>());
        var storage = table.StorageDescriptor;
        void Add(string key, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                parameters[key] = value;
            }
        }

        Add("location", storage?.Location);
        Add("inputformat", storage?.InputFormat);
        Add("outputformat", storage?.OutputFormat);
        Add("serde.serialization.lib", storage?.SerdeInfo?.SerializationLibrary);
        foreach (var (key, value) in storage?.SerdeInfo?.Parameters ?? new Dictionary<string, string>())
        {
            parameters[$"serde.param.{key}"] = value;
        }

        return new
        {
            table.Name,
            table.CreateTime,
            LastAccessTime = table.LastAccessTime ?? DateTimeOffset.UnixEpoch,
            TableType = TableSource.IsViewTable(table) ? "VIRTUAL_VIEW" : table.TableType ?? "EXTERNAL_TABLE",
            Columns = (storage?.Columns ?? []).Select(c => new { c.Name, c.Type, c.Comment }),
            PartitionKeys = (table.PartitionKeys ?? []).Select(c => new { c.Name, c.Type, c.Comment }),
            Parameters = parameters,
        };
    }

    // A token is the name of the last that was answered.
    private static (List<T> Page, string? Next) Page<T>(IEnumerable<T> all, Func<T, string> name, string? token, int? asked, int most)
    {
        var size = PageSize(asked, most);
        var rest = all.Where(i => token is null || string.CompareOrdinal(name(i), token) > 0).OrderBy(name, StringComparer.Ordinal).Take(size + 1).ToList();
        var page = rest.Take(size).ToList();
        return (page, rest.Count > size ? name(page[^1]) : null);
    }
}
