using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using LocalCloud.Firehose.Buffers;

namespace LocalCloud.Firehose.Conversion;

/// <summary>
/// The error output of a conversion: one JSON line a record, in the shape that real streams write. The developer guide
/// ("Handling errors for data format conversion") calls two members <c>ErrorCode</c> and <c>ErrorMessage</c>; objects
/// taken from AWS have <c>lastErrorCode</c> and <c>lastErrorMessage</c>, and so have these.
/// </summary>
internal sealed class ErrorOutput(SchemaSource schema, long buffer, string accountId, string region)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the line of a record.</summary>
    public void Write(Stream target, BufferedRecord record, ConversionFailure failure, DateTimeOffset attempted)
    {
        using (var writer = new Utf8JsonWriter(target, Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("attemptsMade", 1);
            writer.WriteNumber("arrivalTimestamp", record.Arrival.ToUnixTimeMilliseconds());
            writer.WriteString("lastErrorCode", failure.Code);
            writer.WriteString("lastErrorMessage", failure.Message);
            writer.WriteNumber("attemptEndingTimestamp", attempted.ToUnixTimeMilliseconds());
            writer.WriteBase64String("rawData", record.Data);
            writer.WriteString("sequenceNumber", string.Create(CultureInfo.InvariantCulture, $"{buffer:D12}{record.Number:D12}"));
            writer.WriteNumber("subSequenceNumber", 0);
            writer.WriteStartObject("dataCatalogTable");
            writer.WriteString("catalogId", schema.CatalogId ?? accountId);
            writer.WriteString("databaseName", schema.DatabaseName);
            writer.WriteString("tableName", schema.TableName);
            writer.WriteString("region", schema.Region ?? region);
            writer.WriteString("versionId", schema.VersionId ?? "LATEST");
            writer.WriteString("roleArn", schema.RoleARN);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        target.Write("\n"u8);
    }
}
