using System.Buffers;
using System.Globalization;
using LocalCloud.Protocol;
using LocalCloud.S3.Payload;

namespace LocalCloud.S3;

/// <summary>PutObject, GetObject, HeadObject, GetObjectAttributes and the object's ACL.</summary>
internal sealed class ObjectOperations(ObjectStore store)
{
    public async Task Put(S3Request request)
    {
        var attributes = ObjectHeaders.Read(request);
        await using var body = request.OpenBody();
        var put = await store.PutAsync(
            request.Bucket!,
            request.Key!,
            body,
            attributes,
            ObjectHeaders.ReadConditions(request),
            complete: a => a with { Checksum = body.Checksum },
            request.Cancellation);
        request.Response.Headers.ETag = ObjectHeaders.Quote(put.ETag);
        ObjectHeaders.WriteChecksum(request.Response, put.Attributes.Checksum);
        ObjectHeaders.WriteEncryption(request.Response);
        await request.WriteNothingAsync();
    }

    public Task Get(S3Request request) => ReadAsync(request, withBody: true);

    public Task Head(S3Request request) => ReadAsync(request, withBody: false);

    public Task GetAcl(S3Request request)
    {
        store.Require(request.Bucket!, request.Key!);
        return request.WriteXmlAsync(BucketSettingOperations.OwnerHasFullControl(request));
    }

    public Task PutAcl(S3Request request)
    {
        store.Require(request.Bucket!, request.Key!);
        return request.WriteNothingAsync(); // the owner may do everything in any case
    }

    /// <summary>GetObjectAttributes.</summary>
    public Task Attributes(S3Request request)
    {
        var found = store.Require(request.Bucket!, request.Key!);
        var wanted = request.Http.Request.Headers["x-amz-object-attributes"].ToString().Split(',', StringSplitOptions.TrimEntries);
        var (checksum, parts) = (found.Attributes.Checksum, found.Attributes.PartSizes);
        ObjectHeaders.WriteValidators(request.Response, found);
        request.Response.Headers.Remove("ETag");
        return request.WriteXmlAsync(S3Xml.Element(
            "GetObjectAttributesResponse",
            wanted.Contains("ETag") ? S3Xml.Element("ETag", found.ETag) : null,
            wanted.Contains("Checksum") && checksum is not null
                ? S3Xml.Element("Checksum", S3Xml.Element(checksum.Algorithm.Element(), checksum.Value), S3Xml.Element("ChecksumType", checksum.TypeName()))
                : null,
            wanted.Contains("ObjectParts") && parts is not null ? S3Xml.Element("ObjectParts", S3Xml.Element("TotalPartsCount", parts.Count)) : null,
            wanted.Contains("StorageClass") ? S3Xml.Element("StorageClass", found.Attributes.StorageClass) : null,
            wanted.Contains("ObjectSize") ? S3Xml.Element("ObjectSize", found.Size) : null));
    }

    private async Task ReadAsync(S3Request request, bool withBody)
    {
        var (found, body) = Open(request, withBody);
        await using var closing = body;

        var conditions = ReadConditions.Read(request);
        if (conditions.Failed(found) is { } failed)
        {
            throw S3Errors.PreconditionFailed(failed);
        }

        if (conditions.Unchanged(found) is not null)
        {
            ObjectHeaders.WriteValidators(request.Response, found);
            request.Response.StatusCode = 304;
            return;
        }

        var range = Range(request, found);
        ObjectHeaders.Write(request, found);
        if (range is null && "ENABLED".Equals(request.Header("x-amz-checksum-mode"), StringComparison.OrdinalIgnoreCase))
        {
            ObjectHeaders.WriteChecksum(request.Response, found.Attributes.Checksum);
        }

        var (start, length) = range is { } part ? (part.Start, part.Length) : (0, found.Size);
        request.Response.ContentLength = length;
        if (range is not null)
        {
            request.Response.StatusCode = 206;
            request.Response.Headers.ContentRange = length == 0 ? $"bytes */{found.Size}" : $"bytes {start}-{start + length - 1}/{found.Size}";
        }

        if (body is not null)
        {
            await SendAsync(body, start, length, request);
        }
    }

    // Between finding the row and opening its file the object may be replaced: then there is a newer row to find.
    private (StoredObject Found, FileStream? Body) Open(S3Request request, bool withBody)
    {
        while (true)
        {
            var found = store.Require(request.Bucket!, request.Key!);
            try
            {
                return (found, withBody ? store.Bodies.Open(found.Path) : null);
            }
            catch (FileNotFoundException) when (store.Find(request.Bucket!, request.Key!)?.Path != found.Path)
            {
            }
        }
    }

    private static ByteRange? Range(S3Request request, StoredObject found)
    {
        if (request["partNumber"] is not { } text)
        {
            return ByteRange.Read(request.Header("Range"), found.Size);
        }

        var sizes = found.Attributes.PartSizes ?? [found.Size];
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 10_000)
        {
            throw S3Errors.InvalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", text);
        }

        if (number > sizes.Count)
        {
            throw new AwsException("InvalidPartNumber", "The requested partnumber is not satisfiable", 416)
            {
                Details = [new("PartNumberRequested", text), new("ActualPartCount", sizes.Count.ToString(CultureInfo.InvariantCulture))],
            };
        }

        if (found.Attributes.PartSizes is not null)
        {
            request.Response.Headers["x-amz-mp-parts-count"] = sizes.Count.ToString(CultureInfo.InvariantCulture);
        }

        return new ByteRange(sizes.Take(number - 1).Sum(), sizes[number - 1]);
    }

    private static async Task SendAsync(FileStream body, long start, long length, S3Request request)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(length, 128 * 1024));
        try
        {
            while (length > 0)
            {
                var read = await RandomAccess.ReadAsync(body.SafeFileHandle, buffer.AsMemory(0, (int)Math.Min(buffer.Length, length)), start, request.Cancellation);
                if (read == 0)
                {
                    throw new InvalidDataException($"The body file '{body.Name}' is shorter than its row says.");
                }

                await request.Response.Body.WriteAsync(buffer.AsMemory(0, read), request.Cancellation);
                start += read;
                length -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
