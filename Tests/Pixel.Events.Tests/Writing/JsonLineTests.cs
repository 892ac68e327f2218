using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FsCheck.Xunit;

namespace Pixel.Events.Tests.Writing;

/// <summary>The writer writes what the platform's writes, byte for byte.</summary>
public class JsonLineTests
{
    private static readonly JsonWriterOptions Platform = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [Property(MaxTest = 1000)]
    public void Any_text_is_written_as_the_platform_writes_it(string? name, string? key, string? text)
    {
        (name, key, text) = (Valid(name), Valid(key), Valid(text));
        AssertSame(
            json =>
            {
                Write(json, name, Encoding.UTF8.GetBytes(text));
                int begin = json.BeginObject(JsonLine.Name("params"));
                WriteMember(json, Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text));
                WriteMember(json, "second"u8, default);
                json.EndObject(begin);
            },
            json =>
            {
                json.WriteString(name, text);
                json.WriteStartObject("params");
                json.WriteString(key, text);
                json.WriteString("second", "");
                json.WriteEndObject();
            });
    }

    [Fact]
    public void Every_character_there_is_is_written_as_the_platform_writes_it()
    {
        foreach (int[] some in Enumerable.Range(0, 0x110000).Where(c => c is < 0xD800 or > 0xDFFF).Chunk(1000))
        {
            byte[] text = Encoding.UTF8.GetBytes(string.Concat(some.Select(char.ConvertFromUtf32)));
            AssertSame(json => Write(json, "f", text), json => json.WriteString("f", text));
        }
    }

    [Fact]
    public void A_character_that_is_escaped_is_found_wherever_it_stands_and_however_little_room_is_left()
    {
        foreach (string special in (string[])["\"", "\\", "\n", "\u007f", "é", "\u2028", "\U0001F600"])
        {
            foreach (int length in (int[])[0, 1, 15, 16, 31, 32, 33, 63, 64, 65, 100, 4050, 4080, 4081, 4082, 4083, 4084, 4085, 4086, 4087, 4088, 4089, 4090, 4091, 4092, 4096])
            {
                byte[] text = Encoding.UTF8.GetBytes(new string('x', length) + special + special + new string('y', 3));
                AssertSame(json => Write(json, "f", text), json => json.WriteString("f", text));
            }
        }
    }

    [Property(MaxTest = 1000)]
    public void Any_value_is_written_as_the_platform_writes_it(long whole, double real, bool truth, Guid id) => AssertSame(
        json =>
        {
            json.Write(JsonLine.Name("whole"), whole);
            json.Write(JsonLine.Name("real"), double.IsFinite(real) ? real : 1e300);
            json.Write(JsonLine.Name("truth"), truth);
            json.Write(JsonLine.Name("id"), id);
        },
        json =>
        {
            json.WriteNumber("whole", whole);
            json.WriteNumber("real", double.IsFinite(real) ? real : 1e300);
            json.WriteBoolean("truth", truth);
            json.WriteString("id", id);
        });

    [Property(MaxTest = 1000)]
    public void Any_instant_is_written_to_the_millisecond(DateTime instant)
    {
        DateTime utc = DateTime.SpecifyKind(instant, DateTimeKind.Utc);
        AssertSame(
            json => json.Write(JsonLine.Name("t"), utc),
            json => json.WriteString("t", utc.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static void Write(JsonLine json, string name, ReadOnlySpan<byte> text) => json.Write(JsonLine.Name(name), text, JsonLine.IsPlain(text));

    private static void WriteMember(JsonLine json, ReadOnlySpan<byte> key, ReadOnlySpan<byte> text) => json.WriteMember(key, JsonLine.IsPlain(key), text, JsonLine.IsPlain(text));

    private static string Valid(string? text) => string.Concat((text ?? "").EnumerateRunes());

    private static void AssertSame(Action<JsonLine> ours, Action<Utf8JsonWriter> platforms)
    {
        var line = new JsonLine();
        line.Begin();
        ours(line);

        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output, Platform);
        writer.WriteStartObject();
        platforms(writer);
        writer.Flush();

        Assert.Equal(Encoding.UTF8.GetString(output.WrittenSpan), Encoding.UTF8.GetString(line.EndOpen().Span));
    }
}
