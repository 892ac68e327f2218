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
