using Microsoft.Extensions.Configuration;

namespace AppHost.Clouds;

/// <summary>
/// The names of the lake's resources off AWS. They are parameters of the lake template, so that LocalStack and
/// LocalCloud, which load the same template, agree on them. On AWS CloudFormation names what must be unique.
/// </summary>
internal static class LakeNames
{
    public const string Region = "us-east-1";
    public const string Bucket = "pixel-lake";
    public const string Stream = "pixel-events";

    /// <summary>The template's default.</summary>
    public const string Database = "pixel";

    /// <summary>The parameter of the application for the stack's <c>BufferSeconds</c>: <c>Parameters:buffer-seconds</c>.</summary>
    public const string BufferTimeParameter = "buffer-seconds";

    /// <summary>The value of that parameter. By default as short as in the template: a person is waiting.</summary>
    public static string BufferTime(IConfiguration configuration) =>
        configuration[$"Parameters:{BufferTimeParameter}"] is { Length: > 0 } set ? set : "15";

    /// <summary>Whether a setting is <c>true</c>.</summary>
    public static bool IsOn(this IConfiguration configuration, string setting) =>
        bool.TryParse(configuration[setting], out var on) && on;

    /// <summary>Every parameter that a template off AWS is given, by its name in the template.</summary>
    public static IReadOnlyDictionary<string, string> Parameters(CloudKind cloud) => cloud switch
    {
        // The free LocalStack evaluates no prefix expression and converts nothing: events stay JSON lines
        // under yyyy/MM/dd/HH/, which the partition loader reads as well.
        CloudKind.LocalStack => new Dictionary<string, string>
        {
            ["BucketName"] = Bucket,
            ["StreamName"] = Stream,
            ["Prefix"] = "events/",
            ["DataFormat"] = "json",
        },
        CloudKind.Embedded => new Dictionary<string, string>
        {
            ["BucketName"] = Bucket,
            ["StreamName"] = Stream,
        },
        _ => new Dictionary<string, string>(),
    };
}
