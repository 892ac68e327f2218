using System.ComponentModel.DataAnnotations;

namespace Pixel.Events.Lake;

/// <summary>
/// The lake's resources by name. The properties are the outputs of the lake template, and the section is the one under
/// which they reach a program, whoever deployed the template.
/// </summary>
public sealed class LakeOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "AWS:Resources";

    /// <summary>The bucket that holds events and query results.</summary>
    [Required(ErrorMessage = "AWS:Resources:LakeBucketName must name the bucket.")]
    public string LakeBucketName { get; set; } = "pixel-lake";

    /// <summary>The Firehose stream that events are put to.</summary>
    [Required(ErrorMessage = "AWS:Resources:EventStreamName must name the Firehose stream.")]
    public string EventStreamName { get; set; } = "pixel-events";

    /// <summary>The Glue database.</summary>
    [Required(ErrorMessage = "AWS:Resources:DatabaseName must name the Glue database.")]
    public string DatabaseName { get; set; } = "pixel";

    /// <summary>The Glue table of events.</summary>
    [Required(ErrorMessage = "AWS:Resources:TableName must name the Glue table.")]
    public string TableName { get; set; } = "tp_events";

    /// <summary>The Athena workgroup.</summary>
    [Required(ErrorMessage = "AWS:Resources:WorkgroupName must name the Athena workgroup.")]
    public string WorkgroupName { get; set; } = "pixel";

    /// <summary>The Athena workgroup of the worker's own statements, which write and may read much.</summary>
    [Required(ErrorMessage = "AWS:Resources:MaintenanceWorkgroupName must name the Athena workgroup of the worker's own statements.")]
    public string MaintenanceWorkgroupName { get; set; } = "pixel-maintenance";

    /// <summary>What stands before the hour in the keys of events, with its closing slash.</summary>
    [RegularExpression(@"(?:[^/].*/)?", ErrorMessage = "AWS:Resources:EventsPrefix must be empty, or end with / and not start with it.")]
    public string EventsPrefix { get; set; } = "events/";

    /// <summary><c>parquet</c> or <c>json</c>.</summary>
    [AllowedValues("parquet", "json", ErrorMessage = "AWS:Resources:DataFormat must be parquet or json.")]
    public string DataFormat { get; set; } = "parquet";

    /// <summary>
    /// The fields of the field file that the events table has columns for, separated by commas; empty: nobody says, so all.
    /// What the beacon's own field file has beyond these goes to <c>params</c> as well.
    /// </summary>
    public string EventFields { get; set; } = "";

    /// <summary>The type of the partition columns: <c>string</c> or <c>int</c>.</summary>
    [AllowedValues("string", "int", ErrorMessage = "AWS:Resources:PartitionType must be string or int.")]
    public string PartitionType { get; set; } = "string";

    /// <summary>How the hour is written into keys: <c>hive</c> or <c>dated</c>.</summary>
    [AllowedValues("hive", "dated", ErrorMessage = "AWS:Resources:KeyLayout must be hive or dated.")]
    public string KeyLayout { get; set; } = "hive";

    /// <summary>The strategy that <see cref="KeyLayout"/> names.</summary>
    /// <remarks>No property: a generated configuration binder would take that for one more setting, of a type it cannot make.</remarks>
    /// <exception cref="ArgumentException">It names none.</exception>
    public KeyLayout ToLayout() => Lake.KeyLayout.Named(KeyLayout);
}
