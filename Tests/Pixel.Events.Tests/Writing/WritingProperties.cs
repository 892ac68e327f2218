using System.Text;
using System.Text.Json;
using FsCheck.Xunit;

namespace Pixel.Events.Tests.Writing;

/// <summary>What holds for every input there is.</summary>
public class WritingProperties
{
    private static readonly EventSchema Schema = EventSchema.Load();

    [Property(MaxTest = 500)]
    public void Any_text_comes_back_equal_from_one_line(char[] characters)
    {
        var e = new PixelEvent(Schema);
        e.Begin(DateTimeOffset.UnixEpoch);
        string text = new(characters);
        int page = Schema.PlaceOf("page_url");

        e.Set(page, text);

        string expected = string.Concat(text.EnumerateRunes().Take(2048)); // a lone surrogate is enumerated as U+FFFD
        Assert.Equal(expected, Written.Read(e).GetProperty("page_url").GetString());
    }

    [Property(MaxTest = 500)]
    public void Any_bytes_come_back_as_the_platform_reads_them(byte[] bytes)
    {
        var e = new PixelEvent(Schema);
        e.Begin(DateTimeOffset.UnixEpoch);

        e.TrySet(BuiltIn.Query, bytes);

        Assert.Equal(Encoding.UTF8.GetString(bytes), Written.Read(e).GetProperty("query").GetString());
    }

    [Property(MaxTest = 500)]
    public void A_part_of_another_column_is_set_as_a_copy_of_it_is(char[] characters, byte from, byte length)
    {
        Rune[] runes = [.. new string(characters).EnumerateRunes()];
        int start = Math.Min(from, runes.Length);
        string before = string.Concat(runes[..start]);
        string part = string.Concat(runes[start..Math.Min(start + length, runes.Length)]);
        byte[] copy = Encoding.UTF8.GetBytes(part);
        int offset = Encoding.UTF8.GetByteCount(before);
        PixelEvent e = Written.New("""{ "fields": [{ "name": "s", "maxLength": 3 }, { "name": "i", "type": "int" }] }""");
        PixelEvent copied = Written.New("""{ "fields": [{ "name": "s", "maxLength": 3 }, { "name": "i", "type": "int" }] }""");
        int text = e.Schema.PlaceOf("s");
        int number = e.Schema.PlaceOf("i");
        e.Set(BuiltIn.Query, new string(characters));

        foreach (int place in (int[])[text, number, BuiltIn.Query])
        {
            Assert.Equal(copied.TrySet(place, copy), e.TrySet(place, BuiltIn.Query, offset..(offset + copy.Length)));
        }

        e.Set(BuiltIn.Ip, "what is added later takes nothing away");
        Assert.Equal(Members(copied), Members(e));
    }

    [Property(MaxTest = 300)]
    public void Any_parameters_make_an_object_with_unique_keys(KeyValuePair<string, string>[] parameters, byte[] key, byte[] value)
    {
        var e = new PixelEvent(Schema);
        e.Begin(DateTimeOffset.UnixEpoch);
        e.Parameters.Add(key, value);
        foreach ((string k, string v) in parameters)
        {
            e.Parameters.Add(Encoding.UTF8.GetBytes(k ?? ""), Encoding.UTF8.GetBytes(v ?? ""));
            e.Parameters.Add(Encoding.UTF8.GetBytes((k ?? "").ToUpperInvariant()), value);
        }

        JsonElement json = Written.Read(e); // asserts that no key comes twice

        Assert.Equal(e.Parameters.Count, json.GetProperty("params").EnumerateObject().Count());
    }

    [Property(MaxTest = 300)]
    public void Any_file_is_a_field_file_or_refused_with_one_sentence(string text)
    {
        try
        {
            FieldFile.Parse(Encoding.UTF8.GetBytes(text ?? ""), "f.json");
        }
        catch (FieldFileException e)
        {
            Assert.EndsWith(".", e.Message);
        }
    }

    private static string[] Members(PixelEvent e) =>
        [.. Written.Read(e).EnumerateObject().Where(p => p.Name is not ("event_id" or "ip")).Select(p => $"{p.Name}={p.Value.GetRawText()}")];
}
