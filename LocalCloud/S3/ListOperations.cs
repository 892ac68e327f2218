using System.Xml.Linq;
using LocalCloud.S3.Payload;
using LocalCloud.Signing;

namespace LocalCloud.S3;

/// <summary>ListObjectsV2, ListObjects and ListObjectVersions (every object has the one version <c>null</c>).</summary>
internal sealed class ListOperations(ObjectStore store)
{
    private const int MaxKeys = 1000;

    public Task Version2(S3Request request)
    {
        var (prefix, delimiter, max, encode) = Parameters(request);
        var token = request["continuation-token"];
        if (token is { Length: 0 })
        {
            throw S3Errors.InvalidArgument("The continuation token provided is incorrect", "continuation-token", "");
        }

        var startAfter = request["start-after"];
        var position = token is not null ? ListPosition.FromToken(token) : ListPosition.FromClient(startAfter ?? "", prefix, delimiter);
        var page = List(request, prefix, delimiter, position, max);
        var owner = request["fetch-owner"] == "true";
        return request.WriteXmlAsync(S3Xml.Element(
            "ListBucketResult",
            S3Xml.Element("Name", request.Bucket),
            S3Xml.Element("Prefix", encode(prefix)),
            S3Xml.Optional("ContinuationToken", token),
            S3Xml.Optional("NextContinuationToken", page.Next?.ToToken()),
            S3Xml.Optional("StartAfter", startAfter is null ? null : encode(startAfter)),
            S3Xml.Element("KeyCount", page.Objects.Count + page.CommonPrefixes.Count),
            S3Xml.Element("MaxKeys", max),
            S3Xml.Optional("Delimiter", delimiter.Length == 0 ? null : encode(delimiter)),
            S3Xml.Optional("EncodingType", request["encoding-type"]),
            S3Xml.Element("IsTruncated", page.Next is not null),
            page.Objects.Select(o => Contents("Contents", o, encode, owner ? S3Owner.Element(request.Call) : null)),
            CommonPrefixes(page, encode)));
    }

    public Task Version1(S3Request request)
    {
        var (prefix, delimiter, max, encode) = Parameters(request);
        var marker = request["marker"] ?? "";
        var page = List(request, prefix, delimiter, ListPosition.FromClient(marker, prefix, delimiter), max);
        return request.WriteXmlAsync(S3Xml.Element(
            "ListBucketResult",
            S3Xml.Element("Name", request.Bucket),
            S3Xml.Element("Prefix", encode(prefix)),
            S3Xml.Element("Marker", encode(marker)),
            // Without a delimiter the last key is the next marker, and S3 says nothing.
            S3Xml.Optional("NextMarker", delimiter.Length > 0 && page.Next is { } next ? encode(next.Text) : null),
            S3Xml.Element("MaxKeys", max),
            S3Xml.Optional("Delimiter", delimiter.Length == 0 ? null : encode(delimiter)),
            S3Xml.Optional("EncodingType", request["encoding-type"]),
            S3Xml.Element("IsTruncated", page.Next is not null),
            page.Objects.Select(o => Contents("Contents", o, encode, S3Owner.Element(request.Call))),
            CommonPrefixes(page, encode)));
    }

    public Task Versions(S3Request request)
    {
        var (prefix, delimiter, max, encode) = Parameters(request);
        var marker = request["key-marker"] ?? "";
        var page = List(request, prefix, delimiter, ListPosition.FromClient(marker, prefix, delimiter), max);
        return request.WriteXmlAsync(S3Xml.Element(
            "ListVersionsResult",
            S3Xml.Element("Name", request.Bucket),
            S3Xml.Element("Prefix", encode(prefix)),
            S3Xml.Element("KeyMarker", encode(marker)),
            S3Xml.Element("VersionIdMarker"),
            page.Next is { } next ? new[] { S3Xml.Element("NextKeyMarker", encode(next.Text)), S3Xml.Element("NextVersionIdMarker", "null") } : null,
            S3Xml.Element("MaxKeys", max),
            S3Xml.Optional("Delimiter", delimiter.Length == 0 ? null : encode(delimiter)),
            S3Xml.Optional("EncodingType", request["encoding-type"]),
            S3Xml.Element("IsTruncated", page.Next is not null),
            page.Objects.Select(o =>
            {
                var version = Contents("Version", o, encode, S3Owner.Element(request.Call));
                version.Element(S3Xml.Namespace + "Key")!.AddAfterSelf(S3Xml.Element("VersionId", "null"), S3Xml.Element("IsLatest", true));
                return version;
            }),
            CommonPrefixes(page, encode)));
    }

    /// <summary>How names are written: as they are, or escaped as in a form when <c>encoding-type=url</c>.</summary>
    internal static Func<string, string> Encoding(S3Request request) => request["encoding-type"] switch
    {
        null => text => text,
        "url" => text => CanonicalRequest.Encode(System.Text.Encoding.UTF8.GetBytes(text), keepSlash: true).Replace("%20", "+", StringComparison.Ordinal).Replace("%2A", "*", StringComparison.Ordinal),
        var other => throw S3Errors.InvalidArgument("Invalid Encoding Method specified in Request", "encoding-type", other),
    };

    private static (string Prefix, string Delimiter, int Max, Func<string, string> Encode) Parameters(S3Request request) =>
        (request["prefix"] ?? "", request["delimiter"] ?? "", request.Number("max-keys", MaxKeys, MaxKeys), Encoding(request));

    private ListPage List(S3Request request, string prefix, string delimiter, ListPosition after, int max)
    {
        if (!store.BucketExists(request.Bucket!))
        {
            throw S3Errors.NoSuchBucket(request.Bucket!);
        }

        return ObjectListing.List(store, request.Bucket!, new ListQuery(prefix, delimiter, after, max));
    }

    private static XElement Contents(string name, StoredObject found, Func<string, string> encode, XElement? owner) => S3Xml.Element(
        name,
        S3Xml.Element("Key", encode(found.Key)),
        S3Xml.Element("LastModified", S3Xml.Time(found.LastModified)),
        S3Xml.Element("ETag", ObjectHeaders.Quote(found.ETag)),
        found.Attributes.Checksum is { } checksum
            ? new[] { S3Xml.Element("ChecksumAlgorithm", checksum.Algorithm.Name()), S3Xml.Element("ChecksumType", checksum.TypeName()) }
            : null,
        S3Xml.Element("Size", found.Size),
        owner,
        S3Xml.Element("StorageClass", found.Attributes.StorageClass));

    private static IEnumerable<XElement> CommonPrefixes(ListPage page, Func<string, string> encode) =>
        page.CommonPrefixes.Select(prefix => S3Xml.Element("CommonPrefixes", S3Xml.Element("Prefix", encode(prefix))));
}
