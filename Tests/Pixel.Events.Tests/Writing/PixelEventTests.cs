using System.Text;
using System.Text.Json;

namespace Pixel.Events.Tests.Writing;

public class PixelEventTests
{
    [Fact]
    public void Id_and_arrival_come_from_the_given_time()
    {
        PixelEvent e = Written.New();

        JsonElement json = Written.Read(e);

        Assert.Equal("2026-11-23T08:25:01.234Z", json.GetProperty("received_at").GetString());
        Guid id = json.GetProperty("event_id").GetGuid();
        Assert.Equal(e.Id, id);
        Assert.Equal(7, id.Version);
        Assert.Equal(e.ReceivedAt.ToUnixTimeMilliseconds(), Convert.ToInt64(id.ToString("N")[..12], 16));
    }

    [Fact]
    public void Ids_differ_sort_by_time_and_are_formed_as_the_platform_forms_them()
    {
        PixelEvent e = Written.New();
        var ids = new HashSet<Guid>();
        Guid last = default;
        for (int i = 0; i < 10_000; i++)
        {
            var time = DateTimeOffset.FromUnixTimeMilliseconds(1_795_422_301_234 + i);
            e.Begin(time);
            Assert.True(ids.Add(e.Id));
            Assert.True(string.CompareOrdinal(last.ToString(), e.Id.ToString()) < 0);
            Assert.Equal((7, 0x8), (e.Id.Version, e.Id.Variant & 0xC));
            Assert.Equal(Guid.CreateVersion7(time).ToString()[..14], e.Id.ToString()[..14]);
            last = e.Id;
        }
    }

    [Fact]
    public void A_column_without_a_value_is_left_out() =>
        Assert.Equal(["event_id", "received_at", "beacon_id", "beacon_seq"], Written.Read(Written.New()).EnumerateObject().Select(p => p.Name));

    [Theory]
    [InlineData("int", "42", "42")]
    [InlineData("int", " -7 ", "-7")]
    [InlineData("int", "2147483648", null)]
    [InlineData("bigint", "9007199254740993", "9007199254740993")]
    [InlineData("bigint", "1.5", null)]
    [InlineData("double", "1.5e3", "1500")]
    [InlineData("double", "NaN", null)]
    [InlineData("double", "1e999", null)]
    [InlineData("double", "1,5", null)]
    [InlineData("boolean", "TRUE", "true")]
    [InlineData("boolean", "0", "false")]
    [InlineData("boolean", "yes", null)]
    [InlineData("timestamp", "2026-11-23T10:25:01.5+02:00", "\"2026-11-23T08:25:01.500Z\"")]
    [InlineData("timestamp", "2026-11-23", "\"2026-11-23T00:00:00.000Z\"")]
    [InlineData("timestamp", "1795422301", "\"2026-11-23T08:25:01.000Z\"")]
    [InlineData("timestamp", "1795422301234", "\"2026-11-23T08:25:01.234Z\"")]
    [InlineData("timestamp", "23.11.2026", null)]
    [InlineData("timestamp", "9999-12-31", null)]
    [InlineData("timestamp", "99999999999999999", null)]
    [InlineData("timestamp", "-9223372036854775808", null)]
    [InlineData("timestamp", "", null)]
    public void A_typed_column_takes_what_is_of_its_type_and_nothing_else(string type, string text, string? expected)
    {
        PixelEvent e = Written.New($$"""{ "fields": [{ "name": "f", "type": "{{type}}" }] }""");
        int f = e.Schema.PlaceOf("f");

        Assert.Equal(expected is not null, e.TrySet(f, Encoding.UTF8.GetBytes(text)));

        Assert.Equal(expected is null, e.IsNull(f));
        Assert.Equal(expected, Written.Read(e).TryGetProperty("f", out JsonElement value) ? value.GetRawText() : null);
    }

    [Theory]
    [InlineData("abcdef", "abcd")]
    [InlineData("ab", "ab")]
    [InlineData("äöüßx", "äöüß")]
    [InlineData("😀😀😀😀😀", "😀😀😀😀")]
    [InlineData("abc😀d", "abc😀")]
    [InlineData("abcd\ud83d", "abcd")]
    [InlineData("abc\ud83d", "abc\ufffd")]
    public void Text_is_cut_between_characters(string text, string expected)
    {
        PixelEvent e = Written.New("""{ "fields": [{ "name": "f", "maxLength": 4 }] }""");
        int f = e.Schema.PlaceOf("f");

        e.Set(f, text);
        Assert.Equal(expected, e.GetText(f));

        e.TrySet(f, Encoding.UTF8.GetBytes(text));
        Assert.Equal(expected, e.GetText(f));
    }

    [Fact]
    public void Nothing_that_is_not_text_reaches_the_line()
    {
        PixelEvent e = Written.New();
        int url = e.Schema.PlaceOf("page_url");

        e.TrySet(url, [0x61, 0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80, 0x00, 0x22, 0x0A, 0xE2, 0x80, 0xA8]);

        Assert.Equal("a\ufffd\ufffd(\ufffd\ufffd\ufffd\0\"\n\u2028", Written.Read(e).GetProperty("page_url").GetString());
    }

    [Fact]
    public void The_columns_that_are_not_set_by_place_refuse_it()
    {
        PixelEvent e = Written.New();

        foreach (int place in (int[])[BuiltIn.EventId, BuiltIn.ReceivedAt, BuiltIn.Params, BuiltIn.BeaconId, BuiltIn.BeaconSeq, BuiltIn.Traceparent])
        {
            Assert.Throws<ArgumentException>(() => e.Set(place, "x"));
            Assert.Throws<ArgumentException>(() => e.TrySet(place, "x"u8));
        }

        Assert.Throws<ArgumentException>(() => e.Set(BuiltIn.IsBot, "x"));
        Assert.Throws<ArgumentException>(() => e.Set(BuiltIn.Ip, true));
    }

    [Fact]
    public void Nothing_of_an_event_stays_for_the_next()
    {
        PixelEvent e = Written.New();
        e.Set(BuiltIn.Ip, "192.0.2.0");
        e.Set(BuiltIn.IsBot, true);
        e.Parameters.Add("a"u8, "1"u8);
        e.Trace("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        Guid first = e.Id;
        _ = e.WriteOpen();

        e.Begin(e.ReceivedAt);

        Assert.NotEqual(first, e.Id);
        Assert.Equal(["event_id", "received_at", "beacon_id", "beacon_seq"], Written.Read(e).EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void The_largest_possible_event_fits_a_firehose_record()
    {
        // Names as long as they may be, and the two ways in which JSON grows text most.
        string fields = string.Join(",", Enumerable.Range(0, EventLimits.Fields).Select(i => $$"""{ "name": "f{{new string('x', 124)}}{{i:000}}", "maxLength": {{EventLimits.FieldCharacters / EventLimits.Fields}} }"""));
        PixelEvent e = Written.New($$"""{ "fields": [{{fields}}] }""");
        string pairs = string.Concat(Enumerable.Repeat("😀", EventLimits.FieldLength));
        foreach (int place in Enumerable.Range(0, e.Schema.Columns.Count).Except([BuiltIn.EventId, BuiltIn.ReceivedAt, BuiltIn.IsBot, BuiltIn.Verified, BuiltIn.Query, BuiltIn.Params, BuiltIn.BeaconId, BuiltIn.BeaconSeq, BuiltIn.Traceparent]))
        {
            e.Set(place, pairs);
        }

        e.Trace("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        e.Set(BuiltIn.IsBot, true);
        e.Set(BuiltIn.Verified, true);
        e.Set(BuiltIn.Query, new string('\u0001', 1_000_000));
        for (int i = 0; i < 10_000; i++)
        {
            e.Parameters.Add(Encoding.ASCII.GetBytes($"\u007f{i}"), Enumerable.Repeat((byte)1, 59).ToArray());
        }

        Assert.Equal(EventLimits.Parameters, e.Parameters.Count);
        Assert.InRange(e.WriteOpen().Length, 700_000, EventLimits.OpenEvent);
        Written.Read(e);
    }
}
