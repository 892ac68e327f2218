using System.Text.Json;
using LocalCloud.Protocol;

namespace LocalCloud.Sqs;

internal sealed partial class QueueStore
{
    /// <summary>The longest that a receipt can hide a message, extensions included: 12 hours.</summary>
    private static readonly TimeSpan LongestReceipt = TimeSpan.FromHours(12);

    // What every look into a queue does: by an index, so that it costs what it finds, however long the queue is.
    internal const string FindVisible =
        """
        SELECT number, id, sent, receives, receives_before, first_received, source FROM messages
        WHERE queue = $1 AND visible <= $2 ORDER BY visible, number LIMIT $3
        """;

    internal const string FindNext = "SELECT visible FROM messages WHERE queue = $1 AND visible > $2 ORDER BY visible LIMIT 1";

    internal const string DeleteExpired = "DELETE FROM messages WHERE queue = $1 AND sent <= $2";

    private sealed record Candidate(long Number, string Id, long Sent, int Receives, int ReceivesBefore, long? FirstReceived, string? Source);

    /// <summary>Completes when a queue should be looked into again; see <see cref="Arrivals"/>.</summary>
    public Task NextArrival(Queue queue) => _arrivals.Next(queue.Number);

    /// <summary>Keeps a message.</summary>
    /// <exception cref="AwsException"><c>QueueDoesNotExist</c>.</exception>
    public void Send(string queueName, NewMessage message)
    {
        var queue = _database.Write(db =>
        {
            var queue = Existing(db, queueName);
            var now = Now();
            db.Execute(
                "INSERT INTO messages (queue, id, sent, visible, receives, receives_before) VALUES ($1, $2, $3, $4, 0, 0)",
                queue.Number, message.Id, now, now + Milliseconds(message.Delay ?? queue.Delay));
            db.Execute("INSERT INTO contents (message, body, extras) VALUES (last_insert_rowid(), $1, $2)", message.Body, Json(message.Extras));
            return queue;
        });
        _arrivals.Announce(queue.Number);
    }

    /// <summary>Receives messages, the one that can be received for longest first, and hides them.</summary>
    /// <param name="queueName">The queue.</param>
    /// <param name="most">The most messages that are wanted.</param>
    /// <param name="visibility">How long they are hidden; the queue's visibility timeout when null.</param>
    /// <returns>The messages; when there are none, the time from which there is one, if no other comes before.</returns>
    /// <exception cref="AwsException"><c>QueueDoesNotExist</c>.</exception>
    public (IReadOnlyList<ReceivedMessage> Messages, DateTimeOffset? Next) Receive(string queueName, int most, TimeSpan? visibility)
    {
        var moved = new HashSet<long>();
        var result = _database.Write(db =>
        {
            var queue = Existing(db, queueName);
            var now = Now();
            Expire(db, queue, now);
            var visible = now + Milliseconds(visibility ?? queue.VisibilityTimeout);
            var received = new List<ReceivedMessage>();
            foreach (var candidate in Candidates(db, queue, most, now, moved))
            {
                db.Execute(
                    "UPDATE messages SET visible = $2, receives = receives + 1, first_received = coalesce(first_received, $3), received = $3 WHERE number = $1",
                    candidate.Number, visible, now);
                received.Add(Read(db, queue, candidate, now));
            }

            var next = received.Count > 0 ? [] : db.Query(FindNext, row => Time(row.GetInt64(0)), queue.Number, now);
            return ((IReadOnlyList<ReceivedMessage>)received, next is [var first] ? first : (DateTimeOffset?)null);
        });
        foreach (var target in moved)
        {
            _arrivals.Announce(target);
        }

        return result;
    }

    /// <summary>Deletes a message, if the handle is that of its last receipt.</summary>
    /// <exception cref="AwsException"><c>QueueDoesNotExist</c>, <c>ReceiptHandleIsInvalid</c>.</exception>
    public void DeleteMessage(string queueName, string receiptHandle) => _database.Write(db =>
    {
        var queue = Existing(db, queueName);
        var handle = ReceiptHandle.Parse(receiptHandle, queue.Number);
        return db.Execute("DELETE FROM messages WHERE number = $1 AND queue = $2 AND receives = $3", handle.Message, handle.Queue, handle.Receipt);
    });

    /// <summary>Hides a message that is in flight from now on for a time.</summary>
    /// <exception cref="AwsException">
    /// <c>QueueDoesNotExist</c>, <c>ReceiptHandleIsInvalid</c>, <c>MessageNotInflight</c>, <c>InvalidParameterValue</c>.
    /// </exception>
    public void ChangeVisibility(string queueName, string receiptHandle, TimeSpan visibility)
    {
        var queue = _database.Write(db =>
        {
            var queue = Existing(db, queueName);
            Expire(db, queue, Now());
            var handle = ReceiptHandle.Parse(receiptHandle, queue.Number);
            var message = db.Query(
                "SELECT received, visible FROM messages WHERE number = $1 AND queue = $2 AND receives = $3",
                row => (Received: row.GetInt64(0), Visible: row.GetInt64(1)), handle.Message, handle.Queue, handle.Receipt);
            if (message is not [var found])
            {
                throw SqsErrors.InvalidParameter(receiptHandle, "ReceiptHandle", "Message does not exist or is not available for visibility timeout change.");
            }

            var now = Now();
            if (found.Visible <= now)
            {
                throw SqsErrors.MessageNotInflight();
            }

            if (now + Milliseconds(visibility) > found.Received + Milliseconds(LongestReceipt))
            {
                throw SqsErrors.InvalidParameter(
                    (int)visibility.TotalSeconds, "VisibilityTimeout", $"Total VisibilityTimeout for the message is beyond the limit [{(int)LongestReceipt.TotalSeconds} seconds]");
            }

            db.Execute("UPDATE messages SET visible = $2 WHERE number = $1", handle.Message, now + Milliseconds(visibility));
            return queue;
        });
        _arrivals.Announce(queue.Number); // whoever waits may now wait for less
    }

    /// <summary>Counts a queue's messages.</summary>
    /// <exception cref="AwsException"><c>QueueDoesNotExist</c>.</exception>
    public QueueCounts Count(string queueName) => _database.Write(db =>
    {
        var queue = Existing(db, queueName);
        var now = Now();
        Expire(db, queue, now);
        long One(string sql) => db.Query(sql, row => row.GetInt64(0), queue.Number, now).Single();
        return new QueueCounts(
            One("SELECT count(*) FROM messages WHERE queue = $1 AND visible <= $2"),
            One("SELECT count(*) FROM messages WHERE queue = $1 AND visible > $2 AND receives > receives_before"),
            One("SELECT count(*) FROM messages WHERE queue = $1 AND visible > $2 AND receives = receives_before"));
    });

    // What was sent too long ago is gone, whatever became of it since.
    private static void Expire(SqliteFile.Statements db, Queue queue, long now) =>
        db.Execute(DeleteExpired, queue.Number, now - Milliseconds(queue.Retention));

    // Those that are to be received now. What was received too often is on its way to the dead-letter queue instead, and
    // leaves its place to the next.
    private static List<Candidate> Candidates(SqliteFile.Statements db, Queue queue, int most, long now, HashSet<long> moved)
    {
        var redrive = queue.Redrive;
        var target = redrive is null || redrive.Target == queue.Name ? null : Find(db, redrive.Target);
        while (true)
        {
            var candidates = db.Query(
                FindVisible,
                row => new Candidate(
                    row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt32(3), row.GetInt32(4),
                    row.IsDBNull(5) ? null : row.GetInt64(5), row.IsDBNull(6) ? null : row.GetString(6)),
                queue.Number, now, most);
            var dead = target is null ? [] : candidates.Where(candidate => candidate.Receives - candidate.ReceivesBefore >= redrive!.MaxReceiveCount).ToList();
            if (dead.Count == 0)
            {
                return candidates;
            }

            foreach (var candidate in dead)
            {
                db.Execute(
                    "UPDATE messages SET queue = $2, visible = $3, receives_before = receives, source = $4 WHERE number = $1",
                    candidate.Number, target!.Number, now, queue.Arn);
            }

            moved.Add(target!.Number);
        }
    }

    private static ReceivedMessage Read(SqliteFile.Statements db, Queue queue, Candidate candidate, long now)
    {
        var (body, extras) = db.Query(
            "SELECT body, extras FROM contents WHERE message = $1", row => (row.GetString(0), row.GetString(1)), candidate.Number).Single();
        var receives = candidate.Receives + 1;
        return new ReceivedMessage(
            new ReceiptHandle(queue.Number, candidate.Number, receives),
            candidate.Id,
            body,
            JsonSerializer.Deserialize<MessageExtras>(extras, AwsJson.Options)!,
            Time(candidate.Sent),
            Time(candidate.FirstReceived ?? now),
            receives,
            candidate.Source);
    }
}
