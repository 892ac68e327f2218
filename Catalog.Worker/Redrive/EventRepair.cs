using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Amazon.Glue.Model;

namespace Catalog.Worker.Redrive;

/// <summary>
/// Makes an undelivered event such that Firehose can convert it, without losing what it says: of two attributes that are the
/// same in lower case the first stays, and a value that its column cannot hold moves to <c>params</c>, as a text.
/// </summary>
/// <remarks>
/// Every event that is sent again carries in <c>params</c>, under <c>redriven</c>, how often that was: so one that fails
/// again and again by its own fault is found out, and whoever reads the lake can tell.
/// </remarks>
internal sealed class EventRepair(IEnumerable<Column> columns, int maxAttempts)
{
    /// <summary>The key in <c>params</c>.</summary>
    public const string AttemptsKey = "redriven";

    private const string Params = "params";

    private static readonly JsonWriterOptions PlainText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, string> _types = columns.ToDictionary(c => c.Name.ToLowerInvariant(), c => c.Type.ToLowerInvariant(), StringComparer.Ordinal);

    /// <summary>What is to become of an event.</summary>
    public abstract record Verdict
    {
        private Verdict()
        {
        }

        /// <summary>It is sent again.</summary>
        /// <param name="Line">The line with its line break.</param>
        /// <param name="Alone">Whether in a record of its own: it was changed, or it has failed before, and may fail again.</param>
        /// <param name="Repaired">Whether it was changed.</param>
        public sealed record Send(byte[] Line, bool Alone, bool Repaired) : Verdict;

        /// <summary>It is put aside for good.</summary>
        public sealed record PutAside(string Reason) : Verdict;
    }

    /// <summary>Judges one line.</summary>
    /// <param name="line">The event.</param>
    /// <param name="isTheirs">Whether an event of its record was why it failed, so that this is an attempt that counts.</param>
    public Verdict Judge(ReadOnlySpan<byte> line, bool isTheirs)
    {
        JsonDocument document;
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 16 });
            document = JsonDocument.ParseValue(ref reader);
            if (line[(int)reader.BytesConsumed..].IndexOfAnyExcept(" \t\r\n"u8) >= 0)
            {
                return new Verdict.PutAside("There is something behind the event's closing brace.");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new Verdict.PutAside($"It is not JSON: {e.Message}");
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return new Verdict.PutAside("It is not a JSON object.");
            }

            try
            {
                return Judge(document.RootElement, isTheirs);
            }
            catch (InvalidOperationException e)
            {
                return new Verdict.PutAside($"A text in it is not Unicode: {e.Message}");
            }
        }
    }

    private Verdict Judge(JsonElement root, bool isTheirs)
    {
        var kept = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        var repaired = false;
        foreach (var attribute in root.EnumerateObject())
        {
            var name = attribute.Name.ToLowerInvariant();
            repaired |= name != attribute.Name;
            if (name == Params && attribute.Value.ValueKind == JsonValueKind.Object)
            {
                repaired |= !TakeParameters(attribute.Value, parameters);
            }
            else if (kept.ContainsKey(name))
            {
                repaired = true;
            }
            else if (Fits(attribute.Value, _types.GetValueOrDefault(name)))
            {
                kept[name] = attribute.Value;
            }
            else
            {
                parameters.TryAdd(name, TextOf(attribute.Value));
                repaired = true;
            }
        }

        if (!kept.TryGetValue("event_id", out var id) || id.ValueKind != JsonValueKind.String || id.GetString() is not { Length: > 0 })
        {
            return new Verdict.PutAside("It has no event_id, so it could not be told from a repetition.");
        }

        _ = int.TryParse(parameters.GetValueOrDefault(AttemptsKey), CultureInfo.InvariantCulture, out var attempts);
        if (isTheirs && attempts >= maxAttempts)
        {
            return new Verdict.PutAside($"It was sent again {attempts} times and failed each time.");
        }

        parameters[AttemptsKey] = (isTheirs ? attempts + 1 : Math.Max(attempts, 1)).ToString(CultureInfo.InvariantCulture);
        return new Verdict.Send(Write(kept, parameters), Alone: repaired || attempts > 0, repaired);
    }

    /// <returns>Whether all was as it should be.</returns>
    private static bool TakeParameters(JsonElement value, Dictionary<string, string> parameters)
    {
        var right = true;
        foreach (var parameter in value.EnumerateObject())
        {
            var key = parameter.Name.ToLowerInvariant();
            right &= key == parameter.Name && parameter.Value.ValueKind == JsonValueKind.String;
            right &= parameters.TryAdd(key, TextOf(parameter.Value));
        }

        return right;
    }

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    // Stricter than Firehose, which reads some texts as numbers: what is unsure is safe as a text among the parameters.
    private static bool Fits(JsonElement value, string? type) => value.ValueKind == JsonValueKind.Null || type switch
    {
        null => true,
        "string" => value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "tinyint" or "smallint" or "int" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
        "bigint" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "float" or "double" => value.ValueKind == JsonValueKind.Number,
        "timestamp" => value.ValueKind == JsonValueKind.String && DateTimeOffset.TryParseExact(
            value.GetString(), ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
        _ => !type.StartsWith("map<", StringComparison.Ordinal) || value.ValueKind == JsonValueKind.Object,
    };

    private byte[] Write(Dictionary<string, JsonElement> kept, Dictionary<string, string> parameters)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(line, PlainText))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in kept)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            // Also when the table has no such column: Firehose leaves it out then, but gives it back with what fails again, and
            // in it is how often that was.
            writer.WriteStartObject(Params);
            foreach (var (key, text) in parameters)
            {
                writer.WriteString(key, text);
            }

            writer.WriteEndObject();

            writer.WriteEndObject();
        }

        line.Write("\n"u8);
        return line.WrittenSpan.ToArray();
    }
}
