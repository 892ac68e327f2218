using LocalCloud.Sqs;
using Microsoft.Data.Sqlite;

namespace LocalCloud.Tests.Sqs;

/// <summary>A queue with many messages: no look into it reads them all.</summary>
public sealed class LargeQueueTests : IAsyncLifetime
{
    private const int Messages = 100_000;

    private SqsLab _lab = null!;
    private string _url = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await SqsLab.StartAsync();
        _url = await _lab.CreateAsync("overflow");
        await _lab.Server.StopAsync();
        Fill(Path.Combine(_lab.Server.Folder, "sqs", "queues.db"));
        await _lab.Server.StartAgainAsync();
        _lab.Reconnect();
        _url = (await _lab.Sqs.GetQueueUrlAsync("overflow")).QueueUrl;
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Messages_come_from_its_beginning_and_are_counted()
    {
        Assert.Equal((Messages, 0, 0), await _lab.CountAsync(_url));
        Assert.Equal(Enumerable.Range(1, 10).Select(i => $"{i}"), await _lab.BodiesAsync(_url));
        Assert.Equal(Enumerable.Range(11, 10).Select(i => $"{i}"), await _lab.BodiesAsync(_url));
        Assert.Equal((Messages - 20, 20, 0), await _lab.CountAsync(_url));
    }

    [Fact]
    public void A_receipt_and_the_retention_go_by_an_index_and_sort_nothing()
    {
        using var connection = Open(Path.Combine(_lab.Server.Folder, "sqs", "queues.db"));
        Assert.Equal(["SEARCH messages USING INDEX messages_by_visibility (queue=? AND visible<?)"], Plan(connection, QueueStore.FindVisible));
        Assert.Equal(["SEARCH messages USING COVERING INDEX messages_by_visibility (queue=? AND visible>?)"], Plan(connection, QueueStore.FindNext));
        Assert.Equal(["SEARCH messages USING INDEX messages_by_age (queue=? AND sent<?)"], Plan(connection, QueueStore.DeleteExpired));
    }

    private static List<string> Plan(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
        for (var i = 1; i <= 3; i++)
        {
            command.Parameters.AddWithValue($"${i}", 1);
        }

        using var reader = command.ExecuteReader();
        var steps = new List<string>();
        while (reader.Read())
        {
            steps.Add(reader.GetString(3));
        }

        return steps;
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    // Through the file: a hundred thousand calls would take longer than all other tests.
    private void Fill(string file)
    {
        using var connection = Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Messages})
            INSERT INTO messages (queue, id, sent, visible, receives, receives_before)
            SELECT (SELECT number FROM queues), 'id-' || i, $now - {Messages} + i, $now - {Messages} + i, 0, 0 FROM n;
            INSERT INTO contents (message, body, extras) SELECT number, substr(id, 4), $extras FROM messages;
            """;
        command.Parameters.AddWithValue("$now", _lab.Time.GetUtcNow().ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$extras", """{"SenderId":"000000000000"}""");
        command.ExecuteNonQuery();
    }
}
