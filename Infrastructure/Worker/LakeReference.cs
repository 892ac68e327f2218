using Amazon.CDK;
using Infrastructure.Permissions;
using Pixel.Events.Lake;

namespace Infrastructure.Worker;

/// <summary>
/// The lake as the worker knows it: each of the lake's outputs is a parameter of the same name and, by that name, a setting.
/// The worker is in the lake's account and region.
/// </summary>
internal sealed class LakeReference
{
    private static readonly LakeOptions Defaults = new();

    private readonly Dictionary<string, string> _values = [];

    public LakeReference(Stack stack)
    {
        // Without a default: a bucket of this name is somebody else's.
        Add(nameof(LakeOptions.LakeBucketName), null, "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$");
        Add(nameof(LakeOptions.EventStreamName), Defaults.EventStreamName, "^[a-zA-Z0-9_.-]{1,64}$");
        Add(nameof(LakeOptions.DatabaseName), Defaults.DatabaseName, "^[a-z0-9_]{1,128}$");
        Add(nameof(LakeOptions.TableName), Defaults.TableName, "^[a-z0-9_]{1,128}$");
        Add(nameof(LakeOptions.WorkgroupName), Defaults.WorkgroupName, "^[a-zA-Z0-9_.-]{1,128}$");
        Add(nameof(LakeOptions.MaintenanceWorkgroupName), Defaults.MaintenanceWorkgroupName, "^[a-zA-Z0-9_.-]{1,128}$");
        Add(nameof(LakeOptions.EventsPrefix), Defaults.EventsPrefix, "^([^/].*/)?$");
        Add(nameof(LakeOptions.DataFormat), Defaults.DataFormat, "^(parquet|json)$");
        Add(nameof(LakeOptions.PartitionType), Defaults.PartitionType, "^(string|int)$");
        Add(nameof(LakeOptions.KeyLayout), Defaults.KeyLayout, "^(hive|dated)$");

        void Add(string name, string? value, string pattern) => _values[name] = StackParameters.Text(
            stack, name, value, "The lake's output of the same name.", pattern, "What the lake's output of the same name says.").ValueAsString;
    }

    /// <summary>The Athena workgroup of views.</summary>
    public string Workgroup => Policies.Arn("athena", "workgroup/${WorkgroupName}");

    /// <summary>The Athena workgroup of everything else that the worker asks.</summary>
    public string MaintenanceWorkgroup => Policies.Arn("athena", "workgroup/${MaintenanceWorkgroupName}");

    /// <summary>The stream that events are sent to again.</summary>
    public string Stream => Policies.Arn("firehose", "deliverystream/${EventStreamName}");

    /// <summary>The bucket.</summary>
    public string Bucket => Fn.Sub("arn:${AWS::Partition}:s3:::${LakeBucketName}");

    /// <summary>Where Firehose puts events.</summary>
    public string RawEvents => Fn.Sub("arn:${AWS::Partition}:s3:::${LakeBucketName}/${EventsPrefix}*");

    /// <summary>The Glue catalog and the database, which every action on a table needs as well.</summary>
    public string[] Catalog => [Policies.Arn("glue", "catalog"), Policies.Arn("glue", "database/${DatabaseName}")];

    /// <summary>The table of events.</summary>
    public string EventsTable => Table("${TableName}");

    /// <summary>The table that a rewriting reads its inputs by.</summary>
    public string RewriteInputTable => Table("${TableName}_rewrite_input");

    /// <summary>The tables and views of the database, which Athena looks at when a statement names them.</summary>
    public string AllTables => Table("*");

    /// <summary>What lies below a folder, or one object.</summary>
    public string Objects(string key) => Fn.Sub($"arn:${{AWS::Partition}}:s3:::${{LakeBucketName}}/{key}");

    /// <summary>A table of the database.</summary>
    public string Table(string name) => Policies.Arn("glue", $"table/${{DatabaseName}}/{name}");

    /// <summary>The settings by which the worker finds all of it.</summary>
    public Dictionary<string, string> Settings() => _values.ToDictionary(value => $"AWS__Resources__{value.Key}", value => value.Value);
}
