using System.Text;
using System.Text.Json;

namespace Pixel.Events.Tests.Writing;

/// <summary>Closes an event as the journal does and reads it back strictly.</summary>
internal static class Written
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static JsonElement Read(PixelEvent e)
    {
        string line = Strict.GetString(e.WriteOpen().Span) + ",\"beacon_id\":\"b\",\"beacon_seq\":1}";
        Assert.DoesNotContain('\n', line);
        Assert.DoesNotContain('\r', line);
        Assert.DoesNotContain('\u2028', line);
        using var document = JsonDocument.Parse(line);
        AssertNoDuplicates(document.RootElement);
        return document.RootElement.Clone();
    }

    public static PixelEvent New(string? fields = null)
    {
        EventSchema schema = fields is null ? EventSchema.Load() : new(FieldFile.Parse(Encoding.UTF8.GetBytes(fields), "f.json"));
        var e = new PixelEvent(schema);
        e.Begin(new DateTimeOffset(2026, 11, 23, 8, 25, 1, 234, TimeSpan.Zero));
        return e;
    }

    private static void AssertNoDuplicates(JsonElement element)
    {
        var seen = new HashSet<string>();
        foreach (JsonProperty property in element.EnumerateObject())
        {
            // Lower-cased again: what a reader that does so sees must be unique too.
            Assert.True(seen.Add(property.Name.ToLowerInvariant()), property.Name);
            if (property.Value.ValueKind == JsonValueKind.Object)
            {
                AssertNoDuplicates(property.Value);
            }
        }
    }
}
