using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Bench.Sink;

/// <summary>Firehose's <c>PutRecordBatch</c>: every record is taken.</summary>
internal static class PutEndpoint
{
    private const string Target = "Firehose_20150804.PutRecordBatch";

    public static async Task TakeAsync(HttpContext http, Tally tally)
    {
        if (http.Request.Headers["X-Amz-Target"] != Target || http.Request.ContentLength is not { } length)
        {
            await RefuseAsync(http.Response, "UnknownOperationException", $"Only {Target} with a Content-Length is understood.");
            return;
        }

        var body = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            await http.Request.Body.ReadExactlyAsync(body.AsMemory(0, (int)length), http.RequestAborted);
            var batch = Batch.Read(body.AsSpan(0, (int)length));
            tally.Add(batch);
            await AnswerAsync(http.Response, batch.Records);
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            await RefuseAsync(http.Response, "SerializationException", error.Message);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    private static async Task AnswerAsync(HttpResponse response, int records)
    {
        response.ContentType = "application/x-amz-json-1.1";
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteNumber("FailedPutCount", 0);
        json.WriteBoolean("Encrypted", false);
        json.WriteStartArray("RequestResponses");
        for (var number = 0; number < records; number++)
        {
            json.WriteStartObject();
            json.WriteString("RecordId", number.ToString(CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static async Task RefuseAsync(HttpResponse response, string code, string message)
    {
        response.StatusCode = StatusCodes.Status400BadRequest;
        response.ContentType = "application/x-amz-json-1.1";
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("__type", code);
        json.WriteString("message", message);
        json.WriteEndObject();
    }
}
