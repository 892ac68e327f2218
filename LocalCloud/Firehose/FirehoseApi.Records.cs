using System.Text.Json;
using LocalCloud.Protocol;

namespace LocalCloud.Firehose;

// The limits are those of API_PutRecord and API_PutRecordBatch, before base64.
internal sealed partial class FirehoseApi
{
    private const int LargestRecord = 1000 * 1024;
    private const int MostRecords = 500;
    private const int LargestBatch = 4 * 1024 * 1024;

    private void RecordOperations()
    {
        // Read from the JSON as it is: of an object for each record nothing would be left but its bytes.
        HandleJson("PutRecord", (request, _, _) => ValueTask.FromResult<object?>(PutRecord(request)));
        HandleJson("PutRecordBatch", (request, _, _) => ValueTask.FromResult<object?>(PutRecordBatch(request)));
    }

    private object PutRecord(JsonElement request)
    {
        var stream = Stream(StreamNameOf(request));
        var record = request.TryGetProperty("Record", out var given) ? Data(given, "record") : throw Missing("record");
        var fault = _faults.Strike("PutRecord", stream.Definition.Name);
        Put(stream, [record], fault);
        return new { RecordId = NewRecordId(), Encrypted = stream.Definition.Encryption is not null };
    }

    private object PutRecordBatch(JsonElement request)
    {
        var stream = Stream(StreamNameOf(request));
        if (!request.TryGetProperty("Records", out var given) || given.ValueKind != JsonValueKind.Array)
        {
            throw Missing("records");
        }

        var count = given.GetArrayLength();
        if (count is < 1 or > MostRecords)
        {
            throw FirehoseErrors.Validation("Value at 'records'", count == 0
                ? "Member must have length greater than or equal to 1"
                : $"Member must have length less than or equal to {MostRecords}");
        }

        var records = given.EnumerateArray().Select((record, index) => Data(record, $"records.{index + 1}.member")).ToList();
        if (records.Sum(record => (long)record.Length) > LargestBatch)
        {
            throw FirehoseErrors.InvalidArgument("Records size exceeds 4 MB limit");
        }

        var fault = _faults.Strike("PutRecordBatch", stream.Definition.Name);
        if (fault?.EveryRecord is not { } step)
        {
            Put(stream, records, fault);
            return Answer(stream, records.Select(_ => Kept()));
        }

        var refused = Enumerable.Range(0, count).Select(index => (index + 1) % step == 0).ToList();
        var kept = records.Where((_, index) => !refused[index]).ToList();
        if (kept.Count > 0)
        {
            stream.Put(kept);
        }

        return Answer(stream, refused.Select(one => one ? Refused() : Kept()));
    }

    private static void Put(RunningStream stream, IReadOnlyList<byte[]> records, FirehoseFault? fault)
    {
        if (fault is null || fault.KeepsRecords)
        {
            stream.Put(records);
        }

        if (fault is not null)
        {
            throw FirehoseErrors.ServiceUnavailable();
        }
    }

    private sealed record Entry(string? RecordId, string? ErrorCode, string? ErrorMessage);

    private static Entry Kept() => new(NewRecordId(), null, null);

    private static Entry Refused() => new(null, "ServiceUnavailableException", FirehoseErrors.SlowDown);

    private static object Answer(RunningStream stream, IEnumerable<Entry> entries)
    {
        var answers = entries.ToList();
        return new
        {
            FailedPutCount = answers.Count(entry => entry.ErrorCode is not null),
            Encrypted = stream.Definition.Encryption is not null,
            RequestResponses = answers,
        };
    }

    private static string? StreamNameOf(JsonElement request) =>
        request.TryGetProperty("DeliveryStreamName", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;

    private static byte[] Data(JsonElement record, string member)
    {
        if (record.ValueKind != JsonValueKind.Object || !record.TryGetProperty("Data", out var data) || data.ValueKind == JsonValueKind.Null)
        {
            throw Missing($"{member}.data");
        }

        if (data.ValueKind != JsonValueKind.String || !data.TryGetBytesFromBase64(out var bytes))
        {
            throw new AwsException("SerializationException", $"The blob at {member}.data is not base64.");
        }

        return bytes.Length <= LargestRecord
            ? bytes
            : throw FirehoseErrors.Validation($"Value at '{member}.data'", $"Member must have length less than or equal to {LargestRecord}");
    }

    private static AwsException Missing(string member) => FirehoseErrors.Validation($"Value null at '{member}'", "Member must not be null");

    private static string NewRecordId() => Guid.NewGuid().ToString("N");
}
