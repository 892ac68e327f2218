using System.Text.RegularExpressions;
using LocalCloud.Athena.Scanning;
using LocalCloud.Protocol;

namespace LocalCloud.Athena;

/// <summary>Workgroups: the rules of the API over what the database keeps. <c>primary</c> is always there.</summary>
internal sealed partial class WorkGroups
{
    /// <summary>The workgroup of queries that name none.</summary>
    public const string Primary = "primary";

    private const long LeastCutoff = 10_000_000;

    private readonly AthenaDatabase _database;
    private readonly TimeProvider _time;

    public WorkGroups(AthenaDatabase database, TimeProvider time)
    {
        _database = database;
        _time = time;
        database.AddWorkGroup(new WorkGroup
        {
            Name = Primary,
            CreationTime = time.GetUtcNow(),
            Configuration = Complete(new WorkGroupConfiguration { EnforceWorkGroupConfiguration = false }),
        });
    }

    /// <summary>Every workgroup by name.</summary>
    public IReadOnlyList<WorkGroup> All() => _database.WorkGroups();

    /// <summary>The workgroup of that name, or null.</summary>
    public WorkGroup? Find(string name) => _database.FindWorkGroup(name);

    /// <summary>The workgroup of that name.</summary>
    /// <exception cref="AwsException"><c>InvalidRequestException</c>.</exception>
    public WorkGroup Get(string? name) => Find(Checked(name))
        ?? throw new AwsException("InvalidRequestException", $"WorkGroup {name} is not found.");

    /// <summary>Creates a workgroup.</summary>
    /// <exception cref="AwsException"><c>InvalidRequestException</c>.</exception>
    public void Create(string? name, WorkGroupConfiguration? configuration, string? description)
    {
        var group = new WorkGroup
        {
            Name = Checked(name),
            Configuration = Complete(configuration ?? new WorkGroupConfiguration()),
            Description = description,
            CreationTime = _time.GetUtcNow(),
        };
        if (!_database.AddWorkGroup(group))
        {
            throw new AwsException("InvalidRequestException", $"WorkGroup {name} is already created.");
        }
    }

    /// <summary>Changes a workgroup.</summary>
    /// <exception cref="AwsException"><c>InvalidRequestException</c>.</exception>
    public void Update(string? name, Func<WorkGroup, WorkGroup> change)
    {
        var changed = change(Get(name));
        _database.SaveWorkGroup(changed with { Configuration = Complete(changed.Configuration) });
    }

    /// <summary>Deletes a workgroup; what it holds goes with it when <paramref name="recursive"/>.</summary>
    /// <exception cref="AwsException"><c>InvalidRequestException</c>: it is <c>primary</c>, or not empty.</exception>
    public void Delete(string? name, bool recursive)
    {
        var group = Get(name);
        if (group.Name == Primary)
        {
            throw new AwsException("InvalidRequestException", "Primary WorkGroup could not be deleted");
        }

        if (!recursive && !_database.IsEmpty(group.Name))
        {
            throw new AwsException("InvalidRequestException", $"WorkGroup {name} is not empty");
        }

        _database.DeleteWorkGroup(group.Name);
    }

    // What a workgroup has when nothing is said (API_WorkGroupConfiguration).
    private static WorkGroupConfiguration Complete(WorkGroupConfiguration configuration)
    {
        if (configuration.BytesScannedCutoffPerQuery is < LeastCutoff)
        {
            throw new AwsException("InvalidRequestException", $"BytesScannedCutoffPerQuery must be at least {LeastCutoff}");
        }

        if (configuration.ResultConfiguration?.OutputLocation is { Length: > 0 } location && S3Location.TryParse(location) is null)
        {
            throw new AwsException("InvalidRequestException", "outputLocation is not a valid S3 path.");
        }

        return configuration with
        {
            EnforceWorkGroupConfiguration = configuration.EnforceWorkGroupConfiguration ?? true,
            PublishCloudWatchMetricsEnabled = configuration.PublishCloudWatchMetricsEnabled ?? true,
            RequesterPaysEnabled = configuration.RequesterPaysEnabled ?? false,
            EngineVersion = EngineVersion.Three,
        };
    }

    private static string Checked(string? name) => name is not null && NamePattern().IsMatch(name)
        ? name
        : throw new AwsException("InvalidRequestException", $"1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9._-]{{1,128}}");

    [GeneratedRegex("^[a-zA-Z0-9._-]{1,128}$")]
    private static partial Regex NamePattern();
}
