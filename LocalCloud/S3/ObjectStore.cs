using System.Text.Json;
using LocalCloud.Protocol;
using Microsoft.Data.Sqlite;

namespace LocalCloud.S3;

/// <summary>
/// Buckets and objects on disk: what the wire protocol, Firehose and Athena all work on. Every method may be called
/// from any thread. Errors are <see cref="AwsException"/>s with S3's codes.
/// </summary>
/// <remarks>
/// The state is the index (<see cref="S3Database"/>) and the body files (<see cref="BodyFiles"/>); their rules stand
/// there. A put is acknowledged when its row is committed, and is then seen by every get and list: S3 is strongly
/// consistent, and so is this.
/// </remarks>
public sealed partial class ObjectStore : IDisposable
{
    private const string Columns = "bucket, key, size, etag, modified, body, attributes";
    private const int ListBatch = 1000;

    private readonly S3Database _database;
    private readonly BodyFiles _bodies;
    private readonly TimeProvider _time;
    private readonly ConditionalWrites _conditional = new();

    /// <summary>Opens the store below the data folder and removes what a crash has left.</summary>
    public ObjectStore(DataFolder folder, TimeProvider time, ILogger<ObjectStore> logger)
    {
        var path = folder.Subfolder("s3");
        _time = time;
        _bodies = new BodyFiles(path);
        _database = new S3Database(Path.Combine(path, "index.db"));
        var named = _database.Read(db => db.Query("SELECT body FROM objects UNION ALL SELECT body FROM parts", r => r.GetString(0)));
        var swept = _bodies.Sweep(named.ToHashSet(StringComparer.Ordinal));
        if (swept > 0)
        {
            LogSwept(logger, swept);
        }
    }

    internal S3Database Database => _database;

    internal BodyFiles Bodies => _bodies;

    /// <summary>Whether the bucket exists.</summary>
    public bool BucketExists(string bucket) => FindBucket(bucket) is not null;

    /// <summary>Creates the bucket; nothing happens when it exists.</summary>
    /// <exception cref="AwsException"><c>InvalidBucketName</c>.</exception>
    public void CreateBucket(string bucket) => CreateBucket(bucket, "us-east-1");

    /// <summary>Creates the bucket; false when it exists already.</summary>
    /// <exception cref="AwsException"><c>InvalidBucketName</c>.</exception>
    public bool CreateBucket(string bucket, string region)
    {
        BucketName.Check(bucket);
        return _database.Write(db =>
        {
            var isNew = db.Execute(
                "INSERT INTO buckets (name, region, created) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", bucket, region, Now()) > 0;
            foreach (var (name, content) in isNew ? BucketSettings.OfNewBuckets : [])
            {
                db.Execute("INSERT INTO bucket_settings (bucket, name, content) VALUES ($1, $2, $3)", bucket, name, content);
            }

            return isNew;
        });
    }

    /// <summary>Deletes an empty bucket with its settings and unfinished uploads.</summary>
    /// <exception cref="AwsException"><c>NoSuchBucket</c>, <c>BucketNotEmpty</c>.</exception>
    public void DeleteBucket(string bucket)
    {
        var bodies = _database.Write(db =>
        {
            if (db.Exists("SELECT 1 FROM objects WHERE bucket = $1 LIMIT 1", bucket))
            {
                throw S3Errors.BucketNotEmpty(bucket);
            }

            if (db.Execute("DELETE FROM buckets WHERE name = $1", bucket) == 0)
            {
                throw S3Errors.NoSuchBucket(bucket);
            }

            var parts = db.Query("SELECT body FROM parts WHERE upload IN (SELECT id FROM uploads WHERE bucket = $1)", r => r.GetString(0), bucket);
            db.Execute("DELETE FROM parts WHERE upload IN (SELECT id FROM uploads WHERE bucket = $1)", bucket);
            db.Execute("DELETE FROM uploads WHERE bucket = $1", bucket);
            db.Execute("DELETE FROM bucket_settings WHERE bucket = $1", bucket);
            return parts;
        });
        bodies.ForEach(_bodies.Retire);
    }

    /// <summary>The bucket, or null.</summary>
    public Bucket? FindBucket(string bucket) =>
        _database.Read(db => db.First("SELECT name, region, created FROM buckets WHERE name = $1", ReadBucket, bucket));

    /// <summary>Every bucket by name.</summary>
    public IReadOnlyList<Bucket> ListBuckets() => _database.Read(db => db.Query("SELECT name, region, created FROM buckets ORDER BY name", ReadBucket));

    /// <summary>
    /// Reads <paramref name="body"/> to its end and stores it under the key, replacing what was there in one step: a reader
    /// sees the old object or the new one.
    /// </summary>
    /// <param name="bucket">An existing bucket.</param>
    /// <param name="key">The key, at most 1,024 bytes of UTF-8.</param>
    /// <param name="body">The content; when reading it throws, nothing has happened.</param>
    /// <param name="attributes">What is kept along with it.</param>
    /// <param name="conditions">What must be true of the present object when the body has arrived.</param>
    /// <param name="complete">Called when the body has arrived, to add what only then is known (a checksum); what it throws ends the put.</param>
    /// <param name="cancellation">Ends the put; nothing has happened then.</param>
    /// <exception cref="AwsException"><c>NoSuchBucket</c>, <c>KeyTooLongError</c>, <c>PreconditionFailed</c> (412), <c>ConditionalRequestConflict</c> (409), <c>NoSuchKey</c> (404, If-Match only).</exception>
    public async Task<StoredObject> PutAsync(
        string bucket,
        string key,
        Stream body,
        ObjectAttributes? attributes = null,
        PutConditions? conditions = null,
        Func<ObjectAttributes, ObjectAttributes>? complete = null,
        CancellationToken cancellation = default)
    {
        CheckKey(key);
        if (!BucketExists(bucket))
        {
            throw S3Errors.NoSuchBucket(bucket);
        }

        attributes ??= ObjectAttributes.None;
        conditions ??= PutConditions.None;
        using var watch = _conditional.Watch(bucket, key, conditions);
        var received = await _bodies.ReceiveAsync(body, cancellation);
        try
        {
            attributes = complete?.Invoke(attributes) ?? attributes;
            return Commit(bucket, key, received, received.Md5, attributes, conditions, watch);
        }
        catch
        {
            _bodies.Retire(received.Id);
            throw;
        }
    }

    /// <summary>The object, or null; also null when the bucket does not exist.</summary>
    public StoredObject? Find(string bucket, string key) =>
        _database.Read(db => db.First($"SELECT {Columns} FROM objects WHERE bucket = $1 AND key = $2", ReadObject, bucket, KeyOrder.Bytes(key)));

    /// <summary>The object.</summary>
    /// <exception cref="AwsException"><c>NoSuchBucket</c>, <c>NoSuchKey</c>, <c>KeyTooLongError</c>.</exception>
    public StoredObject Require(string bucket, string key)
    {
        CheckKey(key);
        return Find(bucket, key) ?? throw (BucketExists(bucket) ? S3Errors.NoSuchKey(key) : S3Errors.NoSuchBucket(bucket));
    }

    /// <summary>
    /// The objects whose key starts with <paramref name="prefix"/> and is greater than <paramref name="startAfter"/>, in UTF-8
    /// binary order. Read in batches: what is written during the enumeration may or may not be seen.
    /// </summary>
    public IEnumerable<StoredObject> List(string bucket, string prefix = "", string? startAfter = null)
    {
        var from = KeyOrder.Bytes(prefix);
        var end = KeyOrder.After(from);
        var after = startAfter is null ? null : KeyOrder.Bytes(startAfter);
        while (true)
        {
            var batch = Scan(bucket, from, end, after, ListBatch);
            foreach (var found in batch)
            {
                yield return found;
            }

            if (batch.Count < ListBatch)
            {
                yield break;
            }

            after = KeyOrder.Bytes(batch[^1].Key);
        }
    }

    /// <summary>Opens the body for reading; the stream stays good when the object is deleted or replaced.</summary>
    /// <exception cref="FileNotFoundException">The object was deleted or replaced since it was looked up.</exception>
    public Stream OpenRead(StoredObject found) => _bodies.Open(found.Path);

    /// <summary>Until the answer is disposed no body file goes away, so that <see cref="StoredObject.Path"/>s can be given to others.</summary>
    public IDisposable HoldBodies() => _bodies.Hold();

    /// <summary>Deletes the object; false when there was none.</summary>
    public bool Delete(string bucket, string key) => Delete(bucket, key, ifMatch: null);

    /// <summary>Deletes the object when its ETag is <paramref name="ifMatch"/> (<c>*</c> and null: any); false when there was none.</summary>
    /// <exception cref="AwsException"><c>PreconditionFailed</c>.</exception>
    public bool Delete(string bucket, string key, string? ifMatch)
    {
        var body = _database.Write(db =>
        {
            var found = db.First("SELECT etag, body FROM objects WHERE bucket = $1 AND key = $2", r => (ETag: r.GetString(0), Body: r.GetString(1)).ToTuple(), bucket, KeyOrder.Bytes(key));
            if (found is null)
            {
                return null;
            }

            if (ifMatch is not null and not "*" && ifMatch != found.Item1)
            {
                throw S3Errors.PreconditionFailed("If-Match");
            }

            db.Execute("DELETE FROM objects WHERE bucket = $1 AND key = $2", bucket, KeyOrder.Bytes(key));
            _conditional.Deleted(bucket, key);
            return found.Item2;
        });
        if (body is not null)
        {
            _bodies.Retire(body);
        }

        return body is not null;
    }

    /// <summary>Replaces what is kept along with an object (its tags), leaving body, ETag and time alone.</summary>
    /// <exception cref="AwsException"><c>NoSuchKey</c>.</exception>
    public void Change(string bucket, string key, Func<ObjectAttributes, ObjectAttributes> change) => _database.Write(db =>
    {
        var found = db.First($"SELECT {Columns} FROM objects WHERE bucket = $1 AND key = $2", ReadObject, bucket, KeyOrder.Bytes(key))
            ?? throw S3Errors.NoSuchKey(key);
        return db.Execute(
            "UPDATE objects SET attributes = $3 WHERE bucket = $1 AND key = $2", bucket, KeyOrder.Bytes(key), Serialize(change(found.Attributes)));
    });

    /// <summary>Closes the index.</summary>
    public void Dispose() => _database.Dispose();

    /// <summary>At most <paramref name="limit"/> objects with <c>from &lt;= key &lt; end</c> and <c>key &gt; after</c>.</summary>
    internal List<StoredObject> Scan(string bucket, byte[] from, byte[]? end, byte[]? after, int limit) => _database.Read(db => db.Query(
        $"""
        SELECT {Columns} FROM objects
        WHERE bucket = $1 AND key >= $2 AND key > $3 AND ($4 IS NULL OR key < $4) ORDER BY key LIMIT $5
        """,
        ReadObject, bucket, from, after ?? [], end, limit));

    /// <summary>Names a received body in the index; the body it replaces goes.</summary>
    internal StoredObject Commit(
        string bucket, string key, Body body, string etag, ObjectAttributes attributes, PutConditions conditions, ConditionalWrites.Watched? watch, Action<S3Database.Statements>? along = null)
    {
        var keyBytes = KeyOrder.Bytes(key);
        var now = Now();
        var replaced = _database.Write(db =>
        {
            if (!db.Exists("SELECT 1 FROM buckets WHERE name = $1", bucket))
            {
                throw S3Errors.NoSuchBucket(bucket);
            }

            var present = db.First("SELECT etag, body FROM objects WHERE bucket = $1 AND key = $2", r => Tuple.Create(r.GetString(0), r.GetString(1)), bucket, keyBytes);
            if (watch is { WasDeleted: true })
            {
                throw S3Errors.ConditionalRequestConflict(key);
            }

            CheckConditions(key, present?.Item1, conditions);
            db.Execute(
                """
                INSERT INTO objects (bucket, key, size, etag, modified, body, attributes) VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (bucket, key) DO UPDATE SET
                    size = excluded.size, etag = excluded.etag, modified = excluded.modified, body = excluded.body, attributes = excluded.attributes
                """,
                bucket, keyBytes, body.Size, etag, now, body.Id, Serialize(attributes));
            along?.Invoke(db);
            return present?.Item2;
        });
        if (replaced is not null)
        {
            _bodies.Retire(replaced);
        }

        return new StoredObject(bucket, key, body.Size, etag, DateTimeOffset.FromUnixTimeMilliseconds(now), _bodies.PathOf(body.Id), attributes);
    }

    internal ConditionalWrites.Watched? Watch(string bucket, string key, PutConditions conditions) => _conditional.Watch(bucket, key, conditions);

    internal long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    internal static void CheckKey(string key)
    {
        if (key.Length == 0)
        {
            throw S3Errors.InvalidArgument("A key is at least one byte long.");
        }

        var length = System.Text.Encoding.UTF8.GetByteCount(key);
        if (length > KeyOrder.MaxLength)
        {
            throw S3Errors.KeyTooLong(length);
        }
    }

    internal static string Serialize(ObjectAttributes attributes) => JsonSerializer.Serialize(attributes, StoredJson.Default.ObjectAttributes);

    internal static ObjectAttributes Attributes(string json) => JsonSerializer.Deserialize(json, StoredJson.Default.ObjectAttributes)!;

    private static void CheckConditions(string key, string? etag, PutConditions conditions)
    {
        if (conditions.IfNoneMatch && etag is not null)
        {
            throw S3Errors.PreconditionFailed("If-None-Match");
        }

        if (conditions.IfMatch is { } expected)
        {
            if (etag is null)
            {
                throw S3Errors.NoSuchKey(key);
            }

            if (expected != "*" && expected != etag)
            {
                throw S3Errors.PreconditionFailed("If-Match");
            }
        }
    }

    private StoredObject ReadObject(SqliteDataReader row) => new(
        row.GetString(0),
        KeyOrder.Text(row.GetFieldValue<byte[]>(1)),
        row.GetInt64(2),
        row.GetString(3),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
        _bodies.PathOf(row.GetString(5)),
        Attributes(row.GetString(6)));

    private static Bucket ReadBucket(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)));

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Count} S3 body files that an interrupted run left behind")]
    private static partial void LogSwept(ILogger logger, int count);
}

/// <param name="Name">The bucket's name.</param>
/// <param name="Region">Where it was created.</param>
/// <param name="Created">When it was created.</param>
public sealed record Bucket(string Name, string Region, DateTimeOffset Created);
