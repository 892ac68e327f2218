using System.Globalization;

namespace LocalCloud.Firehose.Keys;

/// <summary>
/// The keys of the objects that one destination writes: <c>&lt;evaluated prefix&gt;&lt;stream&gt;-&lt;version&gt;-&lt;yyyy-MM-dd-HH-mm-ss&gt;-&lt;uuid&gt;&lt;extension&gt;</c>
/// (https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html). Every time in it is the arrival of the object's first record.
/// </summary>
internal static class ObjectKeys
{
    /// <summary>What <c>!{firehose:error-output-type}</c> is for a record that could not be converted.</summary>
    public const string FormatConversionFailed = "format-conversion-failed";

    /// <summary>The key of an object of records.</summary>
    public static string ForRecords(S3Destination destination, string stream, int version, DateTimeOffset arrival)
    {
        var text = destination.Prefix ?? "";
        var prefix = Parse(text);
        var zone = Zone(destination.CustomTimeZone);

        // As it is, with no slash in between: `legacy` gives `legacy2026/11/23/08/`. Real streams append it only when there is
        // no expression at all, although the documentation says "no timestamp expression".
        var time = prefix.HasExpressions ? "" : Local(arrival, zone, "yyyy/MM/dd/HH/");
        return prefix.Evaluate(arrival, zone, null) + time + Name(stream, version, arrival, zone) + Extension(destination);
    }

    /// <summary>The key of an object of records that could not be converted. It has no extension.</summary>
    public static string ForErrors(S3Destination destination, string stream, int version, DateTimeOffset arrival)
    {
        var zone = Zone(destination.CustomTimeZone);
        var prefix = destination.ErrorOutputPrefix is { Length: > 0 } text
            ? Parse(text).Evaluate(arrival, zone, FormatConversionFailed)
            // Only a Prefix without expressions goes without an ErrorOutputPrefix, and then stands in for it.
            : $"{destination.Prefix}{FormatConversionFailed}/{Local(arrival, zone, "yyyy/MM/dd/HH/")}";
        return prefix + Name(stream, version, arrival, zone);
    }

    /// <summary>Whether a zone's name can be used.</summary>
    public static bool IsZone(string? name) => string.IsNullOrEmpty(name) || TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);

    private static ObjectPrefix Parse(string text) => ObjectPrefix.TryParse(text, out var prefix, out var problem)
        ? prefix
        : throw new InvalidOperationException($"The prefix '{text}' was let through: {problem}");

    private static TimeZoneInfo Zone(string? name) => string.IsNullOrEmpty(name) ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(name);

    private static string Name(string stream, int version, DateTimeOffset arrival, TimeZoneInfo zone) =>
        $"{stream}-{version}-{Local(arrival, zone, "yyyy-MM-dd-HH-mm-ss")}-{Guid.NewGuid()}";

    private static string Local(DateTimeOffset time, TimeZoneInfo zone, string format) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString(format, CultureInfo.InvariantCulture);

    private static string Extension(S3Destination destination) =>
        destination.FileExtension is { Length: > 0 } chosen ? chosen
        : destination.Converts ? ".parquet"
        : destination.CompressionFormat switch { "GZIP" => ".gz", "ZIP" => ".zip", _ => "" };
}
