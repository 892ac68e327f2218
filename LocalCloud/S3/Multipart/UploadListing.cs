namespace LocalCloud.S3.Multipart;

/// <summary>A page of ListMultipartUploads.</summary>
/// <param name="Uploads">By key, then by time.</param>
/// <param name="CommonPrefixes">What keys were rolled up into.</param>
/// <param name="NextKey">The last entry's key or prefix; empty when there is none.</param>
/// <param name="NextId">The last upload's id; empty after a prefix.</param>
/// <param name="IsTruncated">Whether there are more.</param>
internal sealed record UploadPage(IReadOnlyList<Upload> Uploads, IReadOnlyList<string> CommonPrefixes, string NextKey, string NextId, bool IsTruncated);

/// <summary>Uploads under way are few, so their listing works on all of them.</summary>
internal static class UploadListing
{
    public static UploadPage List(IReadOnlyList<Upload> all, string prefix, string delimiter, string keyMarker, string idMarker, int max)
    {
        var uploads = new List<Upload>();
        var prefixes = new List<string>();
        var (nextKey, nextId) = ("", "");
        foreach (var upload in After(all, keyMarker, idMarker))
        {
            var at = delimiter.Length == 0 ? -1 : upload.Key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
            var common = at < 0 ? null : upload.Key[..(at + delimiter.Length)];
            if (common is not null && (common == keyMarker || (prefixes.Count > 0 && prefixes[^1] == common)))
            {
                continue;
            }

            if (uploads.Count + prefixes.Count == max)
            {
                return new UploadPage(uploads, prefixes, nextKey, nextId, IsTruncated: max > 0);
            }

            (nextKey, nextId) = common is null ? (upload.Key, upload.Id) : (common, "");
            if (common is null)
            {
                uploads.Add(upload);
            }
            else
            {
                prefixes.Add(common);
            }
        }

        return new UploadPage(uploads, prefixes, nextKey, nextId, IsTruncated: false);
    }

    // Behind the marked key; with an upload id, behind that upload of the key.
    private static IEnumerable<Upload> After(IReadOnlyList<Upload> all, string key, string id)
    {
        var marker = KeyOrder.Bytes(key);
        var passed = false;
        foreach (var upload in all)
        {
            var order = key.Length == 0 ? 1 : KeyOrder.Bytes(upload.Key).AsSpan().SequenceCompareTo(marker);
            if (order > 0 || (order == 0 && passed))
            {
                yield return upload;
            }

            passed |= order == 0 && id.Length > 0 && upload.Id == id;
        }
    }
}
