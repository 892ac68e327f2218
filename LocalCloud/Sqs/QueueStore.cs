using System.Text.Json;
using LocalCloud.Protocol;
using Microsoft.Data.Sqlite;

namespace LocalCloud.Sqs;

/// <summary>The queues and their messages.</summary>
/// <remarks>
/// A change is committed when its member returns, and then survives the process (<see cref="QueueDatabase"/>).
/// Nothing happens in the background: a delay, a visibility timeout and the retention are times that every look into a queue
/// compares with the clock, and a message that was received too often moves when a receiver would have got it again.
/// One account has one set of queues, whatever the region of a request.
/// </remarks>
internal sealed partial class QueueStore(DataFolder folder, TimeProvider time) : IDisposable
{
    /// <summary>How long a name is not free after its queue was deleted, and a queue cannot be purged again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(60);

    private const string Columns = "number, name, arn, created, modified, purged, attributes, tags";

    private readonly QueueDatabase _database = new(Path.Combine(folder.Subfolder("sqs"), "queues.db"));
    private readonly Arrivals _arrivals = new();

    public void Dispose() => _database.Dispose();

    /// <summary>The queue of a name.</summary>
    /// <exception cref="AwsException"><c>QueueDoesNotExist</c>.</exception>
    public Queue Get(string name) => _database.Read(db => Find(db, name)) ?? throw SqsErrors.QueueDoesNotExist();

    /// <summary>Queues whose names begin so, by name, from behind a name on.</summary>
    public IReadOnlyList<Queue> List(string prefix, string? after, int most) => _database.Read(db => db.Query(
        $"SELECT {Columns} FROM queues WHERE substr(name, 1, $1) = $2 AND name > $3 ORDER BY name LIMIT $4", Row, prefix.Length, prefix, after ?? "", most));

    /// <summary>Queues that have a queue as their dead-letter queue, by name, from behind a name on.</summary>
    public IReadOnlyList<Queue> SourcesOf(Queue target, string? after, int most) => _database.Read(db => db.Query(
        $"""
        SELECT {Columns} FROM queues WHERE json_extract(json_extract(attributes, '$.RedrivePolicy'), '$.deadLetterTargetArn') = $1
        AND name > $2 ORDER BY name LIMIT $3
        """, Row, target.Arn, after ?? "", most));

    /// <summary>Creates a queue; nothing happens when it exists and what is given of its attributes is as it is.</summary>
    /// <exception cref="AwsException"><c>QueueNameExists</c>, <c>QueueDeletedRecently</c>, or <c>InvalidParameterValue</c> for a redrive policy.</exception>
    public void Create(string name, string arn, IReadOnlyDictionary<string, string> attributes, IReadOnlyDictionary<string, string> tags) => _database.Write(db =>
    {
        if (Find(db, name) is { } existing)
        {
            var differs = attributes.FirstOrDefault(given => (existing[given.Key] ?? "") != given.Value).Key;
            return differs is null ? existing : throw SqsErrors.QueueNameExists(differs);
        }

        var now = Now();
        db.Execute("DELETE FROM deleted_queues WHERE deleted <= $1", now - Milliseconds(Pause));
        if (db.Exists("SELECT 1 FROM deleted_queues WHERE name = $1", name))
        {
            throw SqsErrors.QueueDeletedRecently();
        }

        var present = attributes.Where(attribute => attribute.Value.Length > 0).ToDictionary();
        CheckRedrive(db, arn, present);
        db.Execute(
            "INSERT INTO queues (name, arn, created, modified, attributes, tags) VALUES ($1, $2, $3, $3, $4, $5)", name, arn, now, Json(present), Json(tags));
        return null;
    });

    /// <summary>Sets attributes; one with an empty value is taken away.</summary>
    /// <exception cref="AwsException"><c>QueueDoesNotExist</c>, or <c>InvalidParameterValue</c> for a redrive policy.</exception>
    public void SetAttributes(string name, IReadOnlyDictionary<string, string> attributes) => _database.Write(db =>
    {
        var queue = Existing(db, name);
        var changed = new Dictionary<string, string>(queue.Attributes);
        foreach (var (attribute, value) in attributes)
        {
            changed[attribute] = value;
        }

        var present = changed.Where(attribute => attribute.Value.Length > 0).ToDictionary();
        CheckRedrive(db, queue.Arn, attributes);
        return db.Execute("UPDATE queues SET attributes = $2, modified = $3 WHERE number = $1", queue.Number, Json(present), Now());
    });

    /// <summary>Changes a queue's tags.</summary>
    /// <exception cref="AwsException"><c>QueueDoesNotExist</c>, or what <paramref name="change"/> throws.</exception>
    public void SetTags(string name, Action<Dictionary<string, string>> change) => _database.Write(db =>
    {
        var queue = Existing(db, name);
        var tags = new Dictionary<string, string>(queue.Tags);
        change(tags);
        return db.Execute("UPDATE queues SET tags = $2 WHERE number = $1", queue.Number, Json(tags));
    });

    /// <summary>Deletes a queue with its messages.</summary>
    /// <exception cref="AwsException"><c>QueueDoesNotExist</c>.</exception>
    public void Delete(string name)
    {
        var deleted = _database.Write(db =>
        {
            var queue = Existing(db, name);
            db.Execute("DELETE FROM messages WHERE queue = $1", queue.Number);
            db.Execute("DELETE FROM queues WHERE number = $1", queue.Number);
            db.Execute("INSERT OR REPLACE INTO deleted_queues (name, deleted) VALUES ($1, $2)", name, Now());
            return queue;
        });
        _arrivals.Announce(deleted.Number);
    }

    /// <summary>Deletes a queue's messages.</summary>
    /// <exception cref="AwsException"><c>QueueDoesNotExist</c>, <c>PurgeQueueInProgress</c>.</exception>
    public void Purge(string name) => _database.Write(db =>
    {
        var queue = Existing(db, name);
        if (queue.Purged > time.GetUtcNow() - Pause)
        {
            throw SqsErrors.PurgeQueueInProgress(name);
        }

        db.Execute("DELETE FROM messages WHERE queue = $1", queue.Number);
        return db.Execute("UPDATE queues SET purged = $2 WHERE number = $1", queue.Number, Now());
    });

    private static Queue? Find(SqliteFile.Statements db, string name) => db.First($"SELECT {Columns} FROM queues WHERE name = $1", Row, name);

    private static Queue Existing(SqliteFile.Statements db, string name) => Find(db, name) ?? throw SqsErrors.QueueDoesNotExist();

    private static void CheckRedrive(SqliteFile.Statements db, string source, IReadOnlyDictionary<string, string> attributes)
    {
        if (attributes.GetValueOrDefault("RedrivePolicy") is not { Length: > 0 } json)
        {
            return;
        }

        var policy = RedrivePolicy.Parse(json);
        var target = Find(db, policy.Target);
        if (target?.Arn != policy.DeadLetterTargetArn && source != policy.DeadLetterTargetArn)
        {
            throw RedrivePolicy.Invalid(json, "Dead letter target does not exist.");
        }

        if (target?["RedriveAllowPolicy"] is { } allowed && !RedriveAllowPolicy.Parse(allowed).Allows(source))
        {
            throw RedrivePolicy.Invalid(json, "Queue is not permitted by the redrive allow policy of its dead letter target.");
        }
    }

    private static Queue Row(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        row.GetString(2),
        Time(row.GetInt64(3)),
        Time(row.GetInt64(4)),
        row.IsDBNull(5) ? null : Time(row.GetInt64(5)),
        JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(6), AwsJson.Options)!,
        JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(7), AwsJson.Options)!);

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, AwsJson.Options);
}
