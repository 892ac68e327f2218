using System.Globalization;
using System.Xml.Linq;
using LocalCloud.S3.Payload;

namespace LocalCloud.S3.Multipart;

/// <summary>The list of parts that completes an upload, held against the parts that were uploaded.</summary>
internal static class CompletedParts
{
    /// <exception cref="Protocol.AwsException"><c>MalformedXML</c>, <c>InvalidPartOrder</c>, <c>InvalidPart</c>, <c>EntityTooSmall</c>, <c>InvalidRequest</c>.</exception>
    public static IReadOnlyList<Part> Choose(Upload upload, XElement list, IReadOnlyList<Part> uploaded)
    {
        var byNumber = uploaded.ToDictionary(p => p.Number);
        var chosen = new List<Part>();
        foreach (var entry in list.Children("Part"))
        {
            if (!int.TryParse(entry.Text("PartNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                throw S3Errors.MalformedXml();
            }

            if (chosen.Count > 0 && number <= chosen[^1].Number)
            {
                throw S3Errors.InvalidPartOrder(upload.Id);
            }

            var etag = entry.Text("ETag")?.Trim().Trim('"') ?? throw S3Errors.MalformedXml();
            var checksum = upload.Algorithm is { } algorithm ? entry.Text(algorithm.Element()) : null;
            if (checksum is null && upload is { Algorithm: { } required, FullObject: false })
            {
                throw S3Errors.InvalidRequest(
                    $"The upload was created using a {required.Name().ToLowerInvariant()} checksum. The complete request must include the checksum for each part. It was missing for part {number} in the request.");
            }

            if (!byNumber.TryGetValue(number, out var part) || part.ETag != etag || (checksum is not null && checksum != part.Checksum?.Value))
            {
                throw S3Errors.InvalidPart(upload.Id, number, etag);
            }

            chosen.Add(part);
        }

        if (chosen.Count == 0)
        {
            throw S3Errors.MalformedXml();
        }

        // Every part but the last has the least size.
        return chosen.SkipLast(1).FirstOrDefault(p => p.Size < S3Errors.MinPartSize) is { } small
            ? throw S3Errors.EntityTooSmall(small.Size, small.Number, small.ETag)
            : chosen;
    }
}
