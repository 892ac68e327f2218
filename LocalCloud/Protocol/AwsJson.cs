using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LocalCloud.Protocol;

/// <summary>
/// How AWS JSON writes values: members by their names, absent ones left out, blobs in base64, timestamps as
/// seconds since 1970 with a fraction (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html).
/// </summary>
public static class AwsJson
{
    /// <summary>The options every request is read and every answer written with.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = false,
        MaxDepth = 128,
        Converters = { new EpochSeconds(), new JsonStringEnumConverter() },
    };

    private sealed class EpochSeconds : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number
                ? DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(reader.GetDouble() * 1000))
                // Clients written by hand send ISO 8601, and AWS takes it.
                : DateTimeOffset.TryParse(reader.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                    ? time
                    : throw new JsonException("A timestamp is a number of seconds.");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.ToUnixTimeMilliseconds() / 1000m);
    }
}
