namespace LocalCloud.Sqs;

/// <summary>Everything in SQS: <c>&lt;data&gt;/sqs/queues.db</c>. Times are milliseconds since 1970.</summary>
/// <remarks>
/// A message is two rows: what changes with every receipt (<c>messages</c>), and what never does and may be a megabyte
/// (<c>contents</c>), so that a receipt does not write the body again. They come and go together: in one transaction, and by a trigger.
/// <c>visible</c> is when a message can be received; what hides it, a delay or a receipt, follows from <c>receives</c>, which counts
/// receipts in all queues, and <c>receives_before</c>, those in queues it was moved away from.
/// Numbers are never given again (AUTOINCREMENT): a receipt handle from before cannot mean something else now.
/// </remarks>
internal sealed class QueueDatabase(string file) : SqliteFile(file, Schema)
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS queues (
            number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, arn TEXT NOT NULL, created INTEGER NOT NULL,
            modified INTEGER NOT NULL, purged INTEGER, attributes TEXT NOT NULL, tags TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS deleted_queues (name TEXT PRIMARY KEY, deleted INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS messages (
            number INTEGER PRIMARY KEY AUTOINCREMENT, queue INTEGER NOT NULL, id TEXT NOT NULL, sent INTEGER NOT NULL, visible INTEGER NOT NULL,
            receives INTEGER NOT NULL, receives_before INTEGER NOT NULL, first_received INTEGER, received INTEGER, source TEXT);
        CREATE INDEX IF NOT EXISTS messages_by_visibility ON messages (queue, visible, number);
        CREATE INDEX IF NOT EXISTS messages_by_age ON messages (queue, sent);
        CREATE TABLE IF NOT EXISTS contents (message INTEGER PRIMARY KEY, body TEXT NOT NULL, extras TEXT NOT NULL);
        CREATE TRIGGER IF NOT EXISTS contents_go_with_messages AFTER DELETE ON messages
            BEGIN DELETE FROM contents WHERE message = old.number; END;
        """;
}
