using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Amazon;
using Amazon.Runtime;

namespace StandIns;

/// <summary>How values look in AWS JSON 1.1: nothing for what is not set, base64 for blobs, epoch seconds for times.</summary>
internal static class Wire
{
    public static JsonSerializerOptions Options(IJsonTypeInfoResolver shapes, JsonConverter[] constants)
    {
        var options = new JsonSerializerOptions
        {
            TypeInfoResolver = shapes.WithAddedModifier(LeaveOutWhatIsNotSet),
            NumberHandling = JsonNumberHandling.AllowReadingFromString,
            Converters = { new BlobConverter(), new EpochSecondsConverter() },
        };
        foreach (var constant in constants)
        {
            options.Converters.Add(constant);
        }

        options.MakeReadOnly();
        return options;
    }

    /// <summary>A text member of an error's body, or null.</summary>
    public static string Text(this JsonElement body, string name)
        => body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>An error's body; what is not JSON (a proxy's page, say) has no members.</summary>
    public static JsonElement ParseOrEmpty(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }

    // A request's collections are sent when they are not null; with AWSConfigs.InitializeCollections (version 3's way)
    // an empty one means "not set". A token that makes a call idempotent is made up when the caller gave none.
    private static void LeaveOutWhatIsNotSet(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.Name == "ClientRequestToken" && property.Get is { } get)
            {
                property.Get = owner => get(owner) ?? Guid.NewGuid().ToString();
            }

            property.ShouldSerialize = static (_, value)
                => value is not null && !(AWSConfigs.InitializeCollections && value is ICollection { Count: 0 });
        }
    }

    private sealed class BlobConverter : JsonConverter<MemoryStream>
    {
        public override MemoryStream Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => new(reader.GetBytesFromBase64());

        // The whole stream, wherever its position is: a retry, or a caller that has just written to it, sends all of it.
        public override void Write(Utf8JsonWriter writer, MemoryStream value, JsonSerializerOptions options)
        {
            if (value.TryGetBuffer(out var buffer))
            {
                writer.WriteBase64StringValue(buffer);
            }
            else
            {
                writer.WriteBase64StringValue(value.ToArray());
            }
        }
    }

    private sealed class EpochSecondsConverter : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => reader.TokenType == JsonTokenType.Number
                ? DateTime.UnixEpoch.AddSeconds(reader.GetDouble())
                : reader.GetDateTime().ToUniversalTime();

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options)
            => writer.WriteNumberValue((long)(value.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds);
    }
}

/// <summary>The SDK's open enumerations: a value the model does not know is kept as it came.</summary>
internal sealed class ConstantConverter<T>(Func<string, T> find) : JsonConverter<T>
    where T : ConstantClass
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => find(reader.GetString());

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        => writer.WriteStringValue(value.Value);
}
