using System.Text.Json;

namespace LocalCloud.Glue;

internal sealed partial class GlueApi
{
    private sealed record PartitionRequest(
        string? DatabaseName, string? TableName, PartitionInput? PartitionInput,
        IReadOnlyList<string>? PartitionValues, IReadOnlyList<string>? PartitionValueList,
        IReadOnlyList<PartitionInput>? PartitionInputList, IReadOnlyList<PartitionUpdate>? Entries,
        IReadOnlyList<PartitionValueList>? PartitionsToGet, IReadOnlyList<PartitionValueList>? PartitionsToDelete);

    private sealed record PartitionValueList(IReadOnlyList<string>? Values);

    private sealed record PartitionUpdate(IReadOnlyList<string>? PartitionValueList, PartitionInput? PartitionInput);

    private sealed record PartitionsRequest(
        string? DatabaseName, string? TableName, string? Expression, string? NextToken, int? MaxResults, Segment? Segment,
        bool? ExcludeColumnSchema);

    private sealed record Segment(int SegmentNumber, int TotalSegments);

    private void Partitions()
    {
        Handle<PartitionRequest, object?>("CreatePartition", (request, _) =>
            Done(() => _catalog.CreatePartition(Database(request), Table(request), Required(request.PartitionInput, "partitionInput"))));
        Handle<PartitionRequest, object>("GetPartition", (request, _) =>
            new { Partition = _catalog.GetPartition(Database(request), Table(request), Required(request.PartitionValues, "partitionValues")) });
        Handle<PartitionRequest, object?>("UpdatePartition", (request, _) =>
            Done(() => _catalog.UpdatePartition(
                Database(request), Table(request), Required(request.PartitionValueList, "partitionValueList"),
                Required(request.PartitionInput, "partitionInput"))));
        Handle<PartitionRequest, object?>("DeletePartition", (request, _) =>
            Done(() => _catalog.DeletePartition(Database(request), Table(request), Required(request.PartitionValues, "partitionValues"))));

        Handle<PartitionRequest, object>("BatchCreatePartition", (request, _) =>
            new { Errors = _catalog.CreatePartitions(Database(request), Table(request), Required(request.PartitionInputList, "partitionInputList", 100)) });
        Handle<PartitionRequest, object>("BatchUpdatePartition", (request, _) =>
        {
            var updates = Required(request.Entries, "entries", 100)
                .Select(entry => (Required(entry.PartitionValueList, "entries.partitionValueList"), Required(entry.PartitionInput, "entries.partitionInput")));
            var errors = _catalog.UpdatePartitions(Database(request), Table(request), [.. updates]);
            return new { Errors = errors.Select(error => new { PartitionValueList = error.PartitionValues, error.ErrorDetail }) };
        });
        Handle<PartitionRequest, object>("BatchDeletePartition", (request, _) =>
            new { Errors = _catalog.DeletePartitions(Database(request), Table(request), ValuesOf(request.PartitionsToDelete, "partitionsToDelete", 25)) });
        Handle<PartitionRequest, object>("BatchGetPartition", (request, _) =>
        {
            var wanted = ValuesOf(request.PartitionsToGet, "partitionsToGet", 1000);
            var found = wanted.Select(values => _catalog.FindPartition(Database(request), Table(request), values)).OfType<GluePartition>();
            // A partition that is not there is left out; unprocessed are those that there was no time for.
            return new { Partitions = found.ToList(), UnprocessedKeys = Array.Empty<PartitionValueList>() };
        });

        Handle<PartitionsRequest, object>("GetPartitions", (request, _) => PageOfPartitions(request));
    }

    private object PageOfPartitions(PartitionsRequest request)
    {
        var size = PageSize(request.MaxResults, 1000);
        // One more than the page tells whether there is another one.
        var found = _catalog.GetPartitions(
            Required(request.DatabaseName, "databaseName"), Required(request.TableName, "tableName"), request.Expression,
            request.NextToken is null ? null : ValuesFromToken(request.NextToken), size + 1, InSegment(request.Segment));

        var page = found.Take(size);
        return new
        {
            Partitions = (request.ExcludeColumnSchema == true ? page.Select(WithoutColumns) : page).ToList(),
            NextToken = found.Count > size ? ToToken(JsonSerializer.Serialize(found[size - 1].Values)) : null,
        };
    }

    private static Predicate<IReadOnlyList<string>>? InSegment(Segment? segment)
    {
        if (segment is null)
        {
            return null;
        }

        if (segment.TotalSegments is < 1 or > 10)
        {
            throw Validation($"Value '{segment.TotalSegments}' at 'segment.totalSegments'", "Member must have value between 1 and 10");
        }

        if (segment.SegmentNumber < 0 || segment.SegmentNumber >= segment.TotalSegments)
        {
            throw Validation($"Value '{segment.SegmentNumber}' at 'segment.segmentNumber'", "Member must be less than segment.totalSegments");
        }

        return values => Hash(values) % (uint)segment.TotalSegments == segment.SegmentNumber;
    }

    // The same in every process: a segment may be paged through across a restart.
    private static uint Hash(IReadOnlyList<string> values)
    {
        var hash = 2166136261u;
        foreach (var c in values.SelectMany(value => value.Append('\0')))
        {
            hash = (hash ^ c) * 16777619u;
        }

        return hash;
    }

    private static GluePartition WithoutColumns(GluePartition partition) =>
        partition.StorageDescriptor is { } descriptor ? partition with { StorageDescriptor = descriptor with { Columns = null } } : partition;

    private static IReadOnlyList<IReadOnlyList<string>> ValuesOf(IReadOnlyList<PartitionValueList>? list, string member, int most) =>
        [.. Required(list, member, most).Select(entry => Required(entry.Values, member + ".values"))];

    private static IReadOnlyList<string> ValuesFromToken(string token)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(FromToken(token)) ?? throw InvalidToken();
        }
        catch (JsonException)
        {
            throw InvalidToken();
        }
    }

    private static string Database(PartitionRequest request) => Required(request.DatabaseName, "databaseName");

    private static string Table(PartitionRequest request) => Required(request.TableName, "tableName");
}
