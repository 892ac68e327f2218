using LocalCloud.S3.Payload;

namespace LocalCloud.S3;

/// <summary>CopyObject.</summary>
internal sealed class CopyOperations(ObjectStore store)
{
    public async Task Copy(S3Request request)
    {
        using var hold = store.HoldBodies(); // the source may be replaced before it is opened
        var source = CopySource.Find(request, store);
        var replaces = Directive(request, "x-amz-metadata-directive");
        var replacesTags = Directive(request, "x-amz-tagging-directive");
        var sent = ObjectHeaders.Read(request);
        if (source.Bucket == request.Bucket && source.Key == request.Key && !replaces && request.Header("x-amz-storage-class") is null
            && request.Header("x-amz-server-side-encryption") is null)
        {
            throw S3Errors.InvalidRequest(
                "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.");
        }

        var attributes = (replaces ? sent : source.Attributes) with
        {
            StorageClass = sent.StorageClass,
            Tags = replacesTags ? sent.Tags : source.Attributes.Tags,
            PartSizes = null, // a copy is one piece, however its source was uploaded
        };

        var algorithm = request.Header("x-amz-checksum-algorithm") is { } name
            ? ChecksumNames.Parse(name) ?? throw S3Errors.InvalidRequest("Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
            : source.Attributes.Checksum?.Algorithm ?? ChecksumAlgorithm.Crc64Nvme;
        await using var content = new ChecksummingStream(store.OpenRead(source), algorithm);
        var copy = await store.PutAsync(
            request.Bucket!,
            request.Key!,
            content,
            attributes,
            ObjectHeaders.ReadConditions(request),
            complete: a => a with { Checksum = content.Result },
            request.Cancellation);

        ObjectHeaders.WriteEncryption(request.Response);
        await request.WriteXmlAsync(S3Xml.Element(
            "CopyObjectResult",
            S3Xml.Element("LastModified", S3Xml.Time(copy.LastModified)),
            S3Xml.Element("ETag", ObjectHeaders.Quote(copy.ETag)),
            S3Xml.Element(algorithm.Element(), content.Result.Value),
            S3Xml.Element("ChecksumType", content.Result.TypeName())));
    }

    private static bool Directive(S3Request request, string header) => request.Header(header) switch
    {
        null or "COPY" => false,
        "REPLACE" => true,
        var other => throw S3Errors.InvalidArgument($"Unknown {(header.Contains("metadata", StringComparison.Ordinal) ? "metadata" : "tagging")} directive.", header, other),
    };
}
