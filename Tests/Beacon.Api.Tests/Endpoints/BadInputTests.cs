using System.Text;
using System.Text.Json;

namespace Beacon.Api.Tests.Endpoints;

/// <summary>Whatever comes, an image goes out, and never a line that is broken or forged.</summary>
public class BadInputTests
{
    [Theory]
    [InlineData("userid=%", "%")]
    [InlineData("userid=100%&a=b", "100%")]
    [InlineData("userid=%zz%4", "%zz%4")]
    [InlineData("userid=%4g%41", "%4gA")]
    [InlineData("userid=%ff%fe", "\ufffd\ufffd")]
    [InlineData("userid=%c3%28", "\ufffd(")]
    [InlineData("userid=%ed%a0%80", "\ufffd\ufffd\ufffd")]
    [InlineData("userid=%f0%9f%98%80", "😀")]
    [InlineData("userid=%00%01%1f%7f", "\0\u0001\u001f\u007f")]
    [InlineData("userid=a%0Ab%0D%0Ac", "a\nb\r\nc")]
    [InlineData("userid=%22%2C%22user_id%22%3A%22forged", "\",\"user_id\":\"forged")]
    [InlineData("userid=\"}\\", "\"}\\")]
    [InlineData("userid=%E2%80%A8%E2%80%A9%C2%85", "\u2028\u2029\u0085")]
    [InlineData("userid=a+b%2Bc", "a b+c")]
    [InlineData("userid=a=b==", "a=b==")]
    [InlineData("USERID=upper", "upper")]
    [InlineData("%75serid=encoded", "encoded")]
    [InlineData("&&userid=x&&", "x")]
    [InlineData("userid=&userid=second", "second")]
    [InlineData("userid", "unknown")]
    [InlineData("userid=", "unknown")]
    [InlineData("=x&=", "unknown")]
    [InlineData("?userid=x", "unknown")]
    [InlineData("a=b#userid=x", "unknown")]
    public async Task A_strange_query_is_kept_exactly_and_understood_as_far_as_it_goes(string query, string user)
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        Pixels.AssertPixel(await beacon.SendAsync($"GET /trackingpixel?{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), 200);

        JsonElement e = Assert.Single(beacon.Events());
        Assert.Equal(query, e.Text("query"));
        Assert.Equal(user, e.Text("user_id"));
    }

    [Fact]
    public async Task Ten_thousand_parameters_make_one_event()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();
        string query = string.Join('&', Enumerable.Range(0, 10_000).Select(i => $"k{i}=v{i}"));

        JsonElement e = await beacon.KeepAsync(query);

        Assert.Equal(query, e.Text("query"));
        Assert.Equal(256, e.Params().Length);
        Assert.Equal("k255=v255", e.Params()[^1]);
    }

    [Theory]
    [InlineData(131_073)]
    [InlineData(1_048_576)]
    public async Task A_query_that_is_too_long_still_gets_the_pixel_and_is_counted_as_dropped(int length)
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(("Beacon:ExplainDrops", "true"));

        using HttpResponseMessage response = await beacon.GetAsync(new string('x', length));

        await Pixels.AssertPixelAsync(response, 414);
        Assert.Equal("query_too_long", response.Headers.GetValues("x-pixel-dropped").Single());
        Assert.Equal(["query_too_long"], beacon.Dropped);
        Assert.Empty(beacon.Events());
    }

    [Fact]
    public async Task The_longest_query_is_a_setting_and_counts_what_comes_after_the_question_mark()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(("Beacon:MaxQueryLength", "256"));

        await beacon.KeepAsync(new string('x', 256));
        using HttpResponseMessage response = await beacon.GetAsync(new string('x', 257));

        await Pixels.AssertPixelAsync(response, 414);
        Assert.Single(beacon.Events());
    }

    [Fact]
    public async Task A_query_full_of_control_characters_makes_a_line_that_firehose_takes()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        // Parsing the line asserts its size.
        JsonElement e = await beacon.KeepAsync("a=" + string.Concat(Enumerable.Repeat("%01", 40_000)) + "&userid=" + string.Concat(Enumerable.Repeat("%01", 1000)));

        Assert.Equal(new string('\u0001', 256), e.Text("user_id"));
    }

    [Theory]
    [InlineData("\u00e4\u00ff\u0080")]
    [InlineData("\u0001\u0002\t\u007f")]
    [InlineData("a\"b\\c")]
    public async Task Any_bytes_in_a_header_are_kept_as_text(string bytes)
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        byte[] answer = await beacon.SendAsync($"GET /trackingpixel HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUser-Agent: x{bytes}x\r\n\r\n");

        Pixels.AssertPixel(answer, 200);
        Assert.Equal(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes($"x{bytes}x")), Assert.Single(beacon.Events()).Text("user_agent"));
    }

    [Fact]
    public async Task A_header_in_utf_8_is_kept_as_it_was_meant()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        byte[] answer = await beacon.SendAsync(Encoding.UTF8.GetBytes("GET /trackingpixel HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUser-Agent: Браузер 😀\r\nReferer: https://пример.example/путь\r\n\r\n"));

        Pixels.AssertPixel(answer, 200);
        JsonElement e = Assert.Single(beacon.Events());
        Assert.Equal("Браузер 😀", e.Text("user_agent"));
        Assert.Equal("https://пример.example/путь", e.Text("page_url"));
    }

    [Fact]
    public async Task Many_and_long_headers_are_no_reason_to_lose_the_event()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();
        string headers = string.Concat(Enumerable.Range(0, 2000).Select(i => $"X-{i}: {new string('x', 100)}\r\n"));

        Pixels.AssertPixel(await beacon.SendAsync($"GET /trackingpixel?userid=many HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n"), 200);

        Assert.Equal("many", Assert.Single(beacon.Events()).Text("user_id"));
    }

    [Fact]
    public async Task Any_query_makes_one_line_that_holds_it()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(1, 60)];
            random.NextBytes(bytes);

            // Raw where a request line can carry it, and otherwise encoded; what it cannot carry is the matter of RejectedRequestTests.
            string query = string.Concat(bytes.Select(b => b is > 0x20 and < 0x7F && random.Next(2) == 0 ? ((char)b).ToString() : $"%{b:X2}"));
            JsonElement e = await beacon.KeepAsync(query);
            Assert.Equal(query, e.Text("query"));
        }

        Assert.Equal(200, beacon.Events().Count);
    }

    [Fact]
    public async Task An_empty_user_agent_is_none()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        await beacon.SendAsync("GET /trackingpixel HTTP/1.1\r\nHost: x\r\nUser-Agent:\r\nConnection: close\r\n\r\n");

        Assert.Null(beacon.Events().Single().Text("user_agent"));
    }
}
