namespace LocalCloud.S3;

/// <summary>
/// The index of everything in S3: <c>&lt;data&gt;/s3/index.db</c>.
/// </summary>
/// <remarks>
/// No body is read or written inside a transaction. A power cut can take the last commits; the sweep at start tidies
/// up after that as well.
/// Keys are BLOBs of UTF-8, because S3 lists in the order of those bytes and because a prefix's end can then be
/// computed (<see cref="KeyOrder.After"/>), which text does not allow.
/// </remarks>
internal sealed class S3Database(string file) : SqliteFile(file, Schema)
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS buckets (
            name TEXT PRIMARY KEY, region TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS bucket_settings (
            bucket TEXT NOT NULL, name TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (bucket, name)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS objects (
            bucket TEXT NOT NULL, key BLOB NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
            modified INTEGER NOT NULL, body TEXT NOT NULL, attributes TEXT NOT NULL, PRIMARY KEY (bucket, key)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS uploads (
            id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key BLOB NOT NULL, initiated INTEGER NOT NULL,
            attributes TEXT NOT NULL, algorithm INTEGER, full_object INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS uploads_by_key ON uploads (bucket, key, id);
        CREATE TABLE IF NOT EXISTS parts (
            upload TEXT NOT NULL, number INTEGER NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
            modified INTEGER NOT NULL, body TEXT NOT NULL, checksum TEXT, PRIMARY KEY (upload, number)) WITHOUT ROWID;
        """;
}
