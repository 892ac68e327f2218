using System.Text;
using System.Text.Json;
using LocalCloud.S3.Payload;
using Microsoft.Data.Sqlite;

namespace LocalCloud.S3.Multipart;

/// <summary>
/// Uploads that are under way. A part is a body file of its own with a row; completing copies the parts into one new body and
/// switches the object's row and removes the upload's in one transaction, so that a crash leaves either the upload or the object.
/// </summary>
internal sealed class MultipartUploads(ObjectStore store)
{
    public const int MaxParts = 10_000;

    private const string UploadColumns = "id, bucket, key, initiated, attributes, algorithm, full_object";

    public Upload Create(string bucket, string key, ObjectAttributes attributes, ChecksumAlgorithm? algorithm, bool fullObject)
    {
        ObjectStore.CheckKey(key);
        if (!store.BucketExists(bucket))
        {
            throw S3Errors.NoSuchBucket(bucket);
        }

        var upload = new Upload(
            Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N"), bucket, key, DateTimeOffset.FromUnixTimeMilliseconds(store.Now()), attributes, algorithm, fullObject);
        store.Database.Write(db => db.Execute(
            $"INSERT INTO uploads ({UploadColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            upload.Id, bucket, KeyOrder.Bytes(key), upload.Initiated.ToUnixTimeMilliseconds(), ObjectStore.Serialize(attributes), (int?)algorithm, fullObject));
        return upload;
    }

    /// <exception cref="Protocol.AwsException"><c>NoSuchUpload</c>, also when bucket or key are not the upload's.</exception>
    public Upload Require(string bucket, string key, string id) =>
        store.Database.Read(db => db.First($"SELECT {UploadColumns} FROM uploads WHERE id = $1", ReadUpload, id)) is { } upload
        && upload.Bucket == bucket && upload.Key == key
            ? upload
            : throw S3Errors.NoSuchUpload(id);

    /// <summary>The bucket's uploads by key, then by time of creation.</summary>
    public List<Upload> List(string bucket, string prefix) => store.Database.Read(db => db.Query(
        $"SELECT {UploadColumns} FROM uploads WHERE bucket = $1 AND key >= $2 AND ($3 IS NULL OR key < $3) ORDER BY key, initiated, id",
        ReadUpload, bucket, KeyOrder.Bytes(prefix), KeyOrder.After(KeyOrder.Bytes(prefix))));

    /// <summary>Stores a part; one of the same number is replaced.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="number">1 to 10,000.</param>
    /// <param name="content">The bytes; when reading them throws, nothing has happened.</param>
    /// <param name="checksum">Asked when the bytes have arrived.</param>
    /// <param name="cancellation">Ends it; nothing has happened then.</param>
    public async Task<Part> PutPartAsync(Upload upload, int number, Stream content, Func<ObjectChecksum?> checksum, CancellationToken cancellation)
    {
        var body = await store.Bodies.ReceiveAsync(content, cancellation);
        try
        {
            var part = new Part(number, body.Size, body.Md5, DateTimeOffset.FromUnixTimeMilliseconds(store.Now()), body.Id, checksum());
            var replaced = store.Database.Write(db =>
            {
                if (!db.Exists("SELECT 1 FROM uploads WHERE id = $1", upload.Id)) // completed or aborted meanwhile
                {
                    throw S3Errors.NoSuchUpload(upload.Id);
                }

                var present = db.First("SELECT body FROM parts WHERE upload = $1 AND number = $2", r => r.GetString(0), upload.Id, number);
                db.Execute(
                    "INSERT OR REPLACE INTO parts (upload, number, size, etag, modified, body, checksum) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    upload.Id, number, part.Size, part.ETag, part.Modified.ToUnixTimeMilliseconds(), part.Body, Serialize(part.Checksum));
                return present;
            });
            if (replaced is not null)
            {
                store.Bodies.Retire(replaced);
            }

            return part;
        }
        catch
        {
            store.Bodies.Retire(body.Id);
            throw;
        }
    }

    /// <summary>The parts by number.</summary>
    public List<Part> Parts(Upload upload) => store.Database.Read(db => db.Query(
        "SELECT number, size, etag, modified, body, checksum FROM parts WHERE upload = $1 ORDER BY number", ReadPart, upload.Id));

    /// <summary>Makes the object of the chosen parts; the upload is gone afterwards.</summary>
    public async Task<StoredObject> CompleteAsync(
        Upload upload, IReadOnlyList<Part> chosen, PutConditions conditions, Action<ObjectChecksum> check, CancellationToken cancellation)
    {
        using var watch = store.Watch(upload.Bucket, upload.Key, conditions);
        await using var content = new ChecksummingStream(new ConcatenatedBodies(store.Bodies, chosen), upload.Algorithm ?? ChecksumAlgorithm.Crc64Nvme);
        var body = await store.Bodies.ReceiveAsync(content, cancellation);
        try
        {
            var checksum = upload.FullObject ? content.Result : Composite(upload, chosen);
            check(checksum);
            var attributes = upload.Attributes with { Checksum = checksum, PartSizes = [.. chosen.Select(p => p.Size)] };
            List<string> free = [];
            var completed = store.Commit(upload.Bucket, upload.Key, body, MultipartETag(chosen), attributes, conditions, watch, along: db => free = Remove(db, upload.Id));
            free.ForEach(store.Bodies.Retire);
            return completed;
        }
        catch
        {
            store.Bodies.Retire(body.Id);
            throw;
        }
    }

    public void Abort(Upload upload) => store.Database.Write(db => Remove(db, upload.Id)).ForEach(store.Bodies.Retire);

    /// <summary>The MD5 of the parts' MD5s, and how many they are.</summary>
    internal static string MultipartETag(IReadOnlyList<Part> parts)
    {
        var digests = parts.SelectMany(p => Convert.FromHexString(p.ETag)).ToArray();
        return $"{Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(digests))}-{parts.Count}";
    }

    // The checksum of the parts' checksums.
    private static ObjectChecksum Composite(Upload upload, IReadOnlyList<Part> parts)
    {
        using var checksum = Checksum.Create(upload.Algorithm!.Value);
        foreach (var part in parts)
        {
            checksum.Append(Convert.FromBase64String(part.Checksum!.Value));
        }

        return new ObjectChecksum(checksum.Algorithm, $"{Convert.ToBase64String(checksum.Value())}-{parts.Count}", FullObject: false);
    }

    private static List<string> Remove(S3Database.Statements db, string upload)
    {
        var bodies = db.Query("SELECT body FROM parts WHERE upload = $1", r => r.GetString(0), upload);
        db.Execute("DELETE FROM parts WHERE upload = $1", upload);
        return db.Execute("DELETE FROM uploads WHERE id = $1", upload) > 0 ? bodies : throw S3Errors.NoSuchUpload(upload);
    }

    private static string? Serialize(ObjectChecksum? checksum) =>
        checksum is null ? null : JsonSerializer.Serialize(checksum, StoredJson.Default.ObjectChecksum);

    private static Upload ReadUpload(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(2)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        ObjectStore.Attributes(row.GetString(4)),
        row.IsDBNull(5) ? null : (ChecksumAlgorithm)row.GetInt32(5),
        row.GetBoolean(6));

    private static Part ReadPart(SqliteDataReader row) => new(
        row.GetInt32(0),
        row.GetInt64(1),
        row.GetString(2),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        row.GetString(4),
        row.IsDBNull(5) ? null : JsonSerializer.Deserialize(row.GetString(5), StoredJson.Default.ObjectChecksum));
}

/// <param name="Id">The upload id.</param>
/// <param name="Bucket">Where the object will be.</param>
/// <param name="Key">Its key.</param>
/// <param name="Initiated">When the upload was created.</param>
/// <param name="Attributes">What the object will have.</param>
/// <param name="Algorithm">The checksum that was asked for; null when none was, and the object gets S3's own.</param>
/// <param name="FullObject">Whether the object's checksum covers its bytes, or its parts' checksums.</param>
internal sealed record Upload(
    string Id, string Bucket, string Key, DateTimeOffset Initiated, ObjectAttributes Attributes, ChecksumAlgorithm? Algorithm, bool FullObject);

/// <param name="Number">1 to 10,000.</param>
/// <param name="Size">In bytes.</param>
/// <param name="ETag">The MD5 in hex.</param>
/// <param name="Modified">When it was stored.</param>
/// <param name="Body">The body file's name.</param>
/// <param name="Checksum">Its checksum.</param>
internal sealed record Part(int Number, long Size, string ETag, DateTimeOffset Modified, string Body, ObjectChecksum? Checksum);
