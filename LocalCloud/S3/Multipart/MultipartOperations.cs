using System.Globalization;
using LocalCloud.S3.Payload;

namespace LocalCloud.S3.Multipart;

/// <summary>
/// CreateMultipartUpload, UploadPart, UploadPartCopy, CompleteMultipartUpload, AbortMultipartUpload, ListParts,
/// ListMultipartUploads.
/// </summary>
internal sealed class MultipartOperations(ObjectStore store, MultipartUploads uploads)
{
    private const int MaxListed = 1000;

    public Task Create(S3Request request)
    {
        var algorithm = request.Header("x-amz-checksum-algorithm") is { } name
            ? ChecksumNames.Parse(name) ?? throw S3Errors.InvalidRequest("Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
            : (ChecksumAlgorithm?)null;
        var fullObject = IsFullObject(algorithm, request.Header("x-amz-checksum-type"));
        var upload = uploads.Create(request.Bucket!, request.Key!, ObjectHeaders.Read(request), algorithm, fullObject);
        if (algorithm is not null)
        {
            request.Response.Headers["x-amz-checksum-algorithm"] = algorithm.Value.Name();
            request.Response.Headers["x-amz-checksum-type"] = fullObject ? "FULL_OBJECT" : "COMPOSITE";
        }

        ObjectHeaders.WriteEncryption(request.Response);
        return request.WriteXmlAsync(S3Xml.Element(
            "InitiateMultipartUploadResult",
            S3Xml.Element("Bucket", upload.Bucket),
            S3Xml.Element("Key", upload.Key),
            S3Xml.Element("UploadId", upload.Id)));
    }

    public async Task UploadPart(S3Request request)
    {
        var (upload, number) = Find(request);
        await using var body = request.OpenBody();
        var part = await uploads.PutPartAsync(upload, number, body, () => CheckAlgorithm(upload, request, body.Checksum), request.Cancellation);
        request.Response.Headers.ETag = ObjectHeaders.Quote(part.ETag);
        if (part.Checksum is { } checksum && request.Claims.Algorithm is not null)
        {
            request.Response.Headers[checksum.Algorithm.Header()] = checksum.Value;
        }

        ObjectHeaders.WriteEncryption(request.Response);
        await request.WriteNothingAsync();
    }

    public async Task UploadPartCopy(S3Request request)
    {
        var (upload, number) = Find(request);
        using var hold = store.HoldBodies(); // the source may be replaced before it is opened
        var source = CopySource.Find(request, store);
        var range = CopyRange(request, source);
        await using var bytes = new BodyRange(store.Bodies.Open(source.Path), range);
        await using var content = new ChecksummingStream(bytes, upload.Algorithm ?? ChecksumAlgorithm.Crc64Nvme);
        var part = await uploads.PutPartAsync(upload, number, content, () => content.Result, request.Cancellation);
        await request.WriteXmlAsync(S3Xml.Element(
            "CopyPartResult",
            S3Xml.Element("LastModified", S3Xml.Time(part.Modified)),
            S3Xml.Element("ETag", ObjectHeaders.Quote(part.ETag)),
            upload.Algorithm is not null ? S3Xml.Element(part.Checksum!.Algorithm.Element(), part.Checksum.Value) : null));
    }

    public async Task Complete(S3Request request)
    {
        var upload = uploads.Require(request.Bucket!, request.Key!, request["uploadId"]!);
        // A checksum header here is the whole object's, not this request's body's.
        var list = await request.ReadXmlAsync("CompleteMultipartUpload", request.Claims with { Algorithm = null, ChecksumValue = null });
        using var hold = store.HoldBodies(); // a part may be uploaded again before it is read
        var chosen = CompletedParts.Choose(upload, list, uploads.Parts(upload));
        CheckSize(request, chosen);
        var completed = await uploads.CompleteAsync(
            upload, chosen, ObjectHeaders.ReadConditions(request), checksum => CheckChecksum(request.Claims, checksum), request.Cancellation);

        var result = completed.Attributes.Checksum!;
        ObjectHeaders.WriteEncryption(request.Response);
        await request.WriteXmlAsync(S3Xml.Element(
            "CompleteMultipartUploadResult",
            S3Xml.Element("Location", $"{request.Http.Request.Scheme}://{request.Http.Request.Host}/{request.Bucket}/{Uri.EscapeDataString(request.Key!)}"),
            S3Xml.Element("Bucket", completed.Bucket),
            S3Xml.Element("Key", completed.Key),
            S3Xml.Element("ETag", ObjectHeaders.Quote(completed.ETag)),
            S3Xml.Element(result.Algorithm.Element(), result.Value),
            S3Xml.Element("ChecksumType", result.TypeName())));
    }

    public Task Abort(S3Request request)
    {
        uploads.Abort(uploads.Require(request.Bucket!, request.Key!, request["uploadId"]!));
        return request.WriteNothingAsync(204);
    }

    public Task ListParts(S3Request request)
    {
        var upload = uploads.Require(request.Bucket!, request.Key!, request["uploadId"]!);
        var after = request.Number("part-number-marker", absent: 0, max: int.MaxValue);
        var max = request.Number("max-parts", MaxListed, MaxListed);
        var found = uploads.Parts(upload).Where(p => p.Number > after).ToList();
        var page = found.Take(max).ToList();
        return request.WriteXmlAsync(S3Xml.Element(
            "ListPartsResult",
            S3Xml.Element("Bucket", upload.Bucket),
            S3Xml.Element("Key", ListOperations.Encoding(request)(upload.Key)),
            S3Xml.Element("UploadId", upload.Id),
            S3Owner.Element(request.Call, "Initiator"),
            S3Owner.Element(request.Call),
            S3Xml.Element("StorageClass", upload.Attributes.StorageClass),
            S3Xml.Element("PartNumberMarker", after),
            S3Xml.Element("NextPartNumberMarker", page.Count == 0 ? 0 : page[^1].Number),
            S3Xml.Element("MaxParts", max),
            S3Xml.Element("IsTruncated", found.Count > page.Count),
            upload.Algorithm is { } algorithm
                ? new[] { S3Xml.Element("ChecksumAlgorithm", algorithm.Name()), S3Xml.Element("ChecksumType", upload.FullObject ? "FULL_OBJECT" : "COMPOSITE") }
                : null,
            page.Select(part => S3Xml.Element(
                "Part",
                S3Xml.Element("PartNumber", part.Number),
                S3Xml.Element("LastModified", S3Xml.Time(part.Modified)),
                S3Xml.Element("ETag", ObjectHeaders.Quote(part.ETag)),
                S3Xml.Element("Size", part.Size),
                upload.Algorithm is not null && part.Checksum is { } checksum ? S3Xml.Element(checksum.Algorithm.Element(), checksum.Value) : null))));
    }

    public Task ListUploads(S3Request request)
    {
        if (!store.BucketExists(request.Bucket!))
        {
            throw S3Errors.NoSuchBucket(request.Bucket!);
        }

        var encode = ListOperations.Encoding(request);
        var (prefix, delimiter) = (request["prefix"] ?? "", request["delimiter"] ?? "");
        var max = request.Number("max-uploads", MaxListed, MaxListed);
        var page = UploadListing.List(uploads.List(request.Bucket!, prefix), prefix, delimiter, request["key-marker"] ?? "", request["upload-id-marker"] ?? "", max);
        return request.WriteXmlAsync(S3Xml.Element(
            "ListMultipartUploadsResult",
            S3Xml.Element("Bucket", request.Bucket),
            S3Xml.Element("KeyMarker", encode(request["key-marker"] ?? "")),
            S3Xml.Element("UploadIdMarker", request["upload-id-marker"] ?? ""),
            S3Xml.Element("NextKeyMarker", encode(page.NextKey)),
            S3Xml.Element("NextUploadIdMarker", page.NextId),
            S3Xml.Optional("Delimiter", delimiter.Length == 0 ? null : encode(delimiter)),
            S3Xml.Element("Prefix", encode(prefix)),
            S3Xml.Optional("EncodingType", request["encoding-type"]),
            S3Xml.Element("MaxUploads", max),
            S3Xml.Element("IsTruncated", page.IsTruncated),
            page.Uploads.Select(upload => S3Xml.Element(
                "Upload",
                S3Xml.Element("Key", encode(upload.Key)),
                S3Xml.Element("UploadId", upload.Id),
                S3Owner.Element(request.Call, "Initiator"),
                S3Owner.Element(request.Call),
                S3Xml.Element("StorageClass", upload.Attributes.StorageClass),
                S3Xml.Element("Initiated", S3Xml.Time(upload.Initiated)))),
            page.CommonPrefixes.Select(common => S3Xml.Element("CommonPrefixes", S3Xml.Element("Prefix", encode(common))))));
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html: the SHAs cannot cover a whole
    // object that arrives in parts, CRC-64 always does, the other CRCs do when they are told to.
    private static bool IsFullObject(ChecksumAlgorithm? algorithm, string? type) => (algorithm, type) switch
    {
        (null or ChecksumAlgorithm.Crc64Nvme, "COMPOSITE") or (ChecksumAlgorithm.Sha1 or ChecksumAlgorithm.Sha256, "FULL_OBJECT") =>
            throw S3Errors.InvalidRequest($"The {type} checksum type cannot be used with the {(algorithm ?? ChecksumAlgorithm.Crc64Nvme).Name().ToLowerInvariant()} checksum algorithm."),
        (null or ChecksumAlgorithm.Crc64Nvme, _) => true,
        (_, null or "COMPOSITE") => false,
        (_, "FULL_OBJECT") => true,
        _ => throw S3Errors.InvalidRequest("Value for x-amz-checksum-type header is invalid."),
    };

    private (Upload Upload, int Number) Find(S3Request request)
    {
        if (!int.TryParse(request["partNumber"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > MultipartUploads.MaxParts)
        {
            throw S3Errors.InvalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", request["partNumber"]);
        }

        return (uploads.Require(request.Bucket!, request.Key!, request["uploadId"] ?? ""), number);
    }

    private static ObjectChecksum CheckAlgorithm(Upload upload, S3Request request, ObjectChecksum computed)
    {
        if (upload.Algorithm is not { } expected || computed.Algorithm == expected)
        {
            return computed;
        }

        throw S3Errors.InvalidRequest(request.Claims.Algorithm is null
            ? $"Checksum Type mismatch occurred, expected checksum Type: {expected.Name().ToLowerInvariant()}, actual checksum Type: null"
            : $"Checksum Type mismatch occurred, expected checksum Type: {expected.Name().ToLowerInvariant()}, actual checksum Type: {computed.Algorithm.Name().ToLowerInvariant()}");
    }

    private static ByteRange CopyRange(S3Request request, StoredObject source)
    {
        const string name = "x-amz-copy-source-range";
        if (request.Header(name) is not { } header)
        {
            return new ByteRange(0, source.Size);
        }

        // Stricter than a read's: both ends, and both inside.
        var range = header.EndsWith('-') || header.StartsWith("bytes=-", StringComparison.Ordinal) ? null : ByteRange.Read(header, source.Size);
        var last = header[(header.LastIndexOf('-') + 1)..];
        return range is { } part && long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var end) && end < source.Size
            ? part
            : throw S3Errors.InvalidArgument($"The {name} value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy", name, header);
    }

    private static void CheckSize(S3Request request, IReadOnlyList<Part> parts)
    {
        var size = parts.Sum(p => p.Size);
        if (request.Header("x-amz-mp-object-size") is { } expected && expected != size.ToString(CultureInfo.InvariantCulture))
        {
            throw S3Errors.InvalidRequest($"The provided 'x-amz-mp-object-size' header value {expected} does not match what was computed: {size}");
        }
    }

    private static void CheckChecksum(PayloadClaims claims, ObjectChecksum computed)
    {
        if (claims.Algorithm is { } algorithm && claims.ChecksumValue is { } value && (algorithm != computed.Algorithm || value != computed.Value))
        {
            throw S3Errors.BadDigest($"The {algorithm.Name()} you specified did not match the calculated checksum.");
        }
    }
}
