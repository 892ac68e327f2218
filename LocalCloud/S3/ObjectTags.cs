using System.Net;
using System.Xml.Linq;
using LocalCloud.Protocol;

namespace LocalCloud.S3;

/// <summary>Reads and writes tag sets, and knows their limits.</summary>
internal static class ObjectTags
{
    private const int Max = 10;

    /// <summary>The header form: <c>a=1&amp;b=2</c>, escaped as a query.</summary>
    public static IReadOnlyList<ObjectTag> FromHeader(string header) => Check([.. header.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Select(pair => new ObjectTag(WebUtility.UrlDecode(pair[0]), pair.Length > 1 ? WebUtility.UrlDecode(pair[1]) : ""))]);

    public static IReadOnlyList<ObjectTag> FromXml(XElement tagging)
    {
        var set = tagging.Child("TagSet") ?? throw S3Errors.MalformedXml();
        return Check([.. set.Children("Tag").Select(tag => new ObjectTag(tag.Text("Key") ?? "", tag.Text("Value") ?? ""))]);
    }

    public static XElement ToXml(IReadOnlyList<ObjectTag> tags) => S3Xml.Element(
        "Tagging",
        S3Xml.Element("TagSet", tags.Select(tag => S3Xml.Element("Tag", S3Xml.Element("Key", tag.Key), S3Xml.Element("Value", tag.Value)))));

    private static List<ObjectTag> Check(List<ObjectTag> tags)
    {
        if (tags.Count > Max)
        {
            throw new AwsException("BadRequest", "Object tags cannot be greater than 10");
        }

        if (tags.Find(t => t.Key.Length is 0 or > 128) is { } key)
        {
            throw new AwsException("InvalidTag", "The TagKey you have provided is invalid") { Details = [new("TagKey", key.Key)] };
        }

        if (tags.Find(t => t.Value.Length > 256) is { } value)
        {
            throw new AwsException("InvalidTag", "The TagValue you have provided is invalid") { Details = [new("TagKey", value.Key), new("TagValue", value.Value)] };
        }

        return tags.DistinctBy(t => t.Key).Count() == tags.Count
            ? tags
            : throw new AwsException("InvalidTag", "Cannot provide multiple Tags with the same key");
    }
}
