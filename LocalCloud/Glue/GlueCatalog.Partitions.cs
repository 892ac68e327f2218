using System.Collections.Concurrent;
using System.Text.Json;
using LocalCloud.Protocol;
using Microsoft.Data.Sqlite;

namespace LocalCloud.Glue;

public sealed partial class GlueCatalog
{
    private const string SelectPartition = "SELECT key, location, descriptor, json FROM partitions WHERE table_id = $0";

    // Rows of `descriptors` never change, so what was read once is right as long as the process lives.
    private readonly ConcurrentDictionary<long, StorageDescriptor> _descriptors = new();

    // What a partition's row keeps beside key, location and descriptor.
    private sealed record PartitionRest(
        long Created,
        IReadOnlyDictionary<string, string>? Parameters,
        DateTimeOffset? LastAccessTime,
        DateTimeOffset? LastAnalyzedTime);

    /// <summary>Creates a partition.</summary>
    /// <exception cref="AwsException"><c>AlreadyExistsException</c>, <c>EntityNotFoundException</c>, <c>InvalidInputException</c>.</exception>
    public void CreatePartition(string database, string table, PartitionInput input)
    {
        foreach (var error in CreatePartitions(database, table, [input]))
        {
            throw new AwsException(error.ErrorDetail.ErrorCode, error.ErrorDetail.ErrorMessage);
        }
    }

    /// <summary>Creates partitions in one transaction: those that can be, each other one is an error of its own.</summary>
    /// <exception cref="AwsException"><c>EntityNotFoundException</c> (the table).</exception>
    public IReadOnlyList<PartitionError> CreatePartitions(string database, string table, IReadOnlyList<PartitionInput> inputs)
    {
        return ForEach(database, table, inputs, input => input.Values, (connection, transaction, row, input) =>
        {
            CheckValues(row.Table, input.Values);
            if (!Insert(connection, transaction, row.Id, input, Now()))
            {
                throw AlreadyExists("Partition");
            }
        });
    }

    /// <summary>The partition with these values, or null.</summary>
    /// <exception cref="AwsException"><c>EntityNotFoundException</c> (the table).</exception>
    public GluePartition? FindPartition(string database, string table, IReadOnlyList<string> values)
    {
        using var connection = Open();
        return ReadPartition(connection, null, RequireTable(connection, null, database, table), values);
    }

    /// <summary>The partition with these values.</summary>
    /// <exception cref="AwsException"><c>EntityNotFoundException</c>.</exception>
    public GluePartition GetPartition(string database, string table, IReadOnlyList<string> values) =>
        FindPartition(database, table, values) ?? throw PartitionNotFound();

    /// <summary>The partitions of a table in the order of their values, those that satisfy an expression when one is given.</summary>
    /// <param name="database">The database.</param>
    /// <param name="table">The table.</param>
    /// <param name="expression">In the grammar of <see cref="PartitionExpression"/>; null or empty for all.</param>
    /// <param name="after">The values of a partition: only those after it are returned.</param>
    /// <param name="limit">The most partitions to return.</param>
    /// <param name="segment">Which values belong to the part of the table that is asked for; all when null.</param>
    /// <exception cref="AwsException"><c>EntityNotFoundException</c> (the table), <c>InvalidInputException</c> (the expression).</exception>
    public IReadOnlyList<GluePartition> GetPartitions(
        string database, string table, string? expression = null, IReadOnlyList<string>? after = null, int limit = int.MaxValue,
        Predicate<IReadOnlyList<string>>? segment = null)
    {
        using var connection = Open();
        var row = RequireTable(connection, null, database, table);
        var filter = PartitionExpression.Parse(expression, row.Table.PartitionKeys ?? []);
        var (from, to) = KeyRange(filter.LeadingValues, row.Table.PartitionKeys?.Count ?? 0);

        var found = new List<GluePartition>();
        foreach (var partition in Query(connection, null,
            SelectPartition + " AND key >= $1 AND key <= $2 AND key > $3 ORDER BY key",
            row.Id, from, to, after is null ? "" : Key(after)))
        {
            var values = Values((string)partition[0]);
            if (segment?.Invoke(values) != false && filter.Matches(values))
            {
                found.Add(ToPartition(connection, null, row.Table, values, partition));
                if (found.Count == limit)
                {
                    break;
                }
            }
        }

        return found;
    }

    /// <summary>Replaces a partition, perhaps giving it other values.</summary>
    /// <exception cref="AwsException"><c>EntityNotFoundException</c>, <c>AlreadyExistsException</c> (the new values), <c>InvalidInputException</c>.</exception>
    public void UpdatePartition(string database, string table, IReadOnlyList<string> values, PartitionInput input)
    {
        foreach (var error in UpdatePartitions(database, table, [(values, input)]))
        {
            throw new AwsException(error.ErrorDetail.ErrorCode, error.ErrorDetail.ErrorMessage);
        }
    }

    /// <summary>Replaces partitions in one transaction: those that can be, each other one is an error of its own.</summary>
    /// <exception cref="AwsException"><c>EntityNotFoundException</c> (the table).</exception>
    public IReadOnlyList<PartitionError> UpdatePartitions(
        string database, string table, IReadOnlyList<(IReadOnlyList<string> Values, PartitionInput Input)> updates)
    {
        return ForEach(database, table, updates, update => update.Values, (connection, transaction, row, update) =>
        {
            var input = update.Input.Values.Count == 0 ? update.Input with { Values = update.Values } : update.Input;
            CheckValues(row.Table, input.Values);
            var old = ReadPartition(connection, transaction, row, update.Values) ?? throw PartitionNotFound();
            var (from, to) = (Key(update.Values), Key(input.Values));
            if (from != to && Scalar(connection, transaction, "SELECT 1 FROM partitions WHERE table_id = $0 AND key = $1", row.Id, to) is not null)
            {
                throw AlreadyExists("Partition");
            }

            Execute(connection, transaction, "DELETE FROM partitions WHERE table_id = $0 AND key = $1", row.Id, from);
            Insert(connection, transaction, row.Id, input, old.CreationTime);
        });
    }

    /// <summary>Deletes a partition; what lies in S3 stays.</summary>
    /// <exception cref="AwsException"><c>EntityNotFoundException</c>.</exception>
    public void DeletePartition(string database, string table, IReadOnlyList<string> values)
    {
        foreach (var error in DeletePartitions(database, table, [values]))
        {
            throw new AwsException(error.ErrorDetail.ErrorCode, error.ErrorDetail.ErrorMessage);
        }
    }

    /// <summary>Deletes partitions in one transaction: those that are there, each other one is an error of its own.</summary>
    /// <exception cref="AwsException"><c>EntityNotFoundException</c> (the table).</exception>
    public IReadOnlyList<PartitionError> DeletePartitions(string database, string table, IReadOnlyList<IReadOnlyList<string>> partitions)
    {
        return ForEach(database, table, partitions, values => values, (connection, transaction, row, values) =>
        {
            if (Execute(connection, transaction, "DELETE FROM partitions WHERE table_id = $0 AND key = $1", row.Id, Key(values)) == 0)
            {
                throw PartitionNotFound();
            }
        });
    }

    // The entries of a batch stand for themselves: one that fails keeps no other from being done.
    private List<PartitionError> ForEach<T>(
        string database, string table, IReadOnlyList<T> entries, Func<T, IReadOnlyList<string>> values,
        Action<SqliteConnection, SqliteTransaction, TableRow, T> work)
    {
        var errors = new List<PartitionError>();
        Write((connection, transaction) =>
        {
            var row = RequireTable(connection, transaction, database, table);
            foreach (var entry in entries)
            {
                try
                {
                    work(connection, transaction, row, entry);
                }
                catch (AwsException e)
                {
                    errors.Add(new PartitionError(values(entry), new ErrorDetail(e.Code, e.Message)));
                }
            }
        });
        return errors;
    }

    private static bool Insert(SqliteConnection connection, SqliteTransaction transaction, long table, PartitionInput input, DateTimeOffset created)
    {
        var shared = input.StorageDescriptor is { } descriptor
            ? DescriptorId(connection, transaction, descriptor with { Location = null })
            : null;
        var rest = new PartitionRest(created.ToUnixTimeSeconds(), input.Parameters, input.LastAccessTime, input.LastAnalyzedTime);
        return Execute(connection, transaction,
            "INSERT INTO partitions(table_id, key, location, descriptor, json) VALUES ($0, $1, $2, $3, $4) ON CONFLICT DO NOTHING",
            table, Key(input.Values), input.StorageDescriptor?.Location, shared, Json(rest)) == 1;
    }

    private static object? DescriptorId(SqliteConnection connection, SqliteTransaction transaction, StorageDescriptor descriptor)
    {
        var json = Json(descriptor);
        return Scalar(connection, transaction, "SELECT id FROM descriptors WHERE json = $0", json)
            ?? Scalar(connection, transaction, "INSERT INTO descriptors(json) VALUES ($0) RETURNING id", json);
    }

    // AUTOINCREMENT gives no id twice, so a descriptor that is remembered cannot come to mean another one.
    private static void DropUnusedDescriptors(SqliteConnection connection, SqliteTransaction transaction) =>
        Execute(connection, transaction,
            "DELETE FROM descriptors WHERE id NOT IN (SELECT descriptor FROM partitions WHERE descriptor IS NOT NULL)");

    private GluePartition? ReadPartition(SqliteConnection connection, SqliteTransaction? transaction, TableRow table, IReadOnlyList<string> values) =>
        Query(connection, transaction, SelectPartition + " AND key = $1", table.Id, Key(values))
            .Select(row => ToPartition(connection, transaction, table.Table, values, row))
            .SingleOrDefault();

    private GluePartition ToPartition(
        SqliteConnection connection, SqliteTransaction? transaction, GlueTable table, IReadOnlyList<string> values, object[] row)
    {
        var rest = Read<PartitionRest>((string)row[3]);
        return new GluePartition
        {
            Values = values,
            DatabaseName = table.DatabaseName,
            TableName = table.Name,
            CatalogId = _catalogId,
            CreationTime = DateTimeOffset.FromUnixTimeSeconds(rest.Created),
            LastAccessTime = rest.LastAccessTime,
            LastAnalyzedTime = rest.LastAnalyzedTime,
            Parameters = rest.Parameters,
            StorageDescriptor = row[2] is long id
                ? Descriptor(connection, transaction, id) with { Location = row[1] as string }
                : null,
        };
    }

    // What a transaction has written may yet be undone, and its id be given again: that is not remembered.
    private StorageDescriptor Descriptor(SqliteConnection connection, SqliteTransaction? transaction, long id)
    {
        if (_descriptors.TryGetValue(id, out var known))
        {
            return known;
        }

        var read = Read<StorageDescriptor>((string)Scalar(connection, transaction, "SELECT json FROM descriptors WHERE id = $0", id)!);
        return transaction is null ? _descriptors.GetOrAdd(id, read) : read;
    }

    private static string Key(IReadOnlyList<string> values) => JsonSerializer.Serialize(values, AwsJson.Options);

    private static string[] Values(string key) => JsonSerializer.Deserialize<string[]>(key)!;

    // The keys that begin with these values. '-' follows ',' and '^' follows ']' in the order of bytes.
    private static (string From, string To) KeyRange(IReadOnlyList<string> leading, int keys)
    {
        var text = Key(leading);
        return leading.Count == 0 ? ("[", "^")
            : leading.Count == keys ? (text, text)
            : (text[..^1] + ",", text[..^1] + "-");
    }

    private static void CheckValues(GlueTable table, IReadOnlyList<string> values)
    {
        if (values.Count != (table.PartitionKeys?.Count ?? 0))
        {
            throw InvalidInput("The number of partition keys do not match the number of partition values");
        }
    }

    private static AwsException PartitionNotFound() => NotFound("Cannot find partition.");
}
