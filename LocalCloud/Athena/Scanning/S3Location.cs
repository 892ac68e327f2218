namespace LocalCloud.Athena.Scanning;

/// <summary>A place in S3 as Glue and Athena write it: <c>s3://bucket/prefix</c>.</summary>
internal readonly record struct S3Location(string Bucket, string Key)
{
    /// <summary>The keys below it: a location is a folder whether or not it ends in a slash.</summary>
    public string Prefix => Key.Length == 0 || Key.EndsWith('/') ? Key : Key + "/";

    public static S3Location? TryParse(string? location)
    {
        foreach (var scheme in (ReadOnlySpan<string>)["s3://", "s3a://", "s3n://"])
        {
            if (location is not null && location.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                var rest = location[scheme.Length..];
                var slash = rest.IndexOf('/', StringComparison.Ordinal);
                return slash < 0 ? new S3Location(rest, "") : new S3Location(rest[..slash], rest[(slash + 1)..]);
            }
        }

        return null;
    }

    /// <exception cref="QueryFailure">It is not a place in S3.</exception>
    public static S3Location Parse(string? location) => TryParse(location)
        ?? throw new QueryFailure(QueryError.InvalidFunctionArgument, $"'{location}' is not an S3 location (s3://bucket/prefix)");

    public override string ToString() => $"s3://{Bucket}/{Key}";
}
