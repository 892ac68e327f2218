using System.Text;

namespace Beacon.Api.Tests.Endpoints;

/// <summary>Requests that the server refuses before the beacon sees them.</summary>
public class RejectedRequestTests
{
    [Theory]
    [InlineData("GET /trackingpixel?userid=\u00e4 HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /trackingpixel?userid=\0 HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /tracking%00pixel HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /trackingpixel HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /trackingpixel HTTP/1.1\r\nHost: a b\r\n\r\n", 400)]
    [InlineData("GET /trackingpixel HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400)]
    [InlineData("GET /trackingpixel HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", 400)]
    [InlineData("GET /trackingpixel HTTP/1.1\r\nHost: x\r\nUser-Agent: a\0b\r\n\r\n", 400)]
    [InlineData("GET /trackingpixel HTTP/9.9\r\nHost: x\r\n\r\n", 505)]
    [InlineData("GET  HTTP/1.1\r\n\r\n", 400)]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003 a TLS hello", 400)]
    public async Task What_is_no_http_gets_the_image_with_the_servers_status_and_is_counted(string request, int status)
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(("Beacon:ExplainDrops", "true"));

        byte[] answer = await beacon.SendAsync(request);

        Pixels.AssertPixel(answer, status);
        Assert.Contains("\r\nx-pixel-dropped: malformed_request\r\n", Encoding.Latin1.GetString(answer));
        Assert.Equal(["malformed_request"], beacon.Dropped);
        Assert.Equal((1, 0), (beacon.Received, beacon.Accepted));
        Assert.Empty(beacon.Events());
    }

    [Fact]
    public async Task Requests_before_a_malformed_one_are_answered_as_ever()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        string answers = Encoding.Latin1.GetString(await beacon.SendAsync(
            "GET /trackingpixel?n=1 HTTP/1.1\r\nHost: x\r\n\r\nGET /elsewhere HTTP/1.1\r\nHost: x\r\n\r\nGET /trackingpixel?\u00e4 HTTP/1.1\r\nHost: x\r\n\r\n"));

        Assert.Equal(["200", "404", "400"], answers.Split("HTTP/1.1 ")[1..].Select(a => a[..3]));
        Assert.Single(beacon.Events());
    }

    [Fact]
    public async Task An_answer_of_the_beacon_itself_is_left_alone()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        string answer = Encoding.Latin1.GetString(await beacon.SendAsync("GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));

        Assert.StartsWith("HTTP/1.1 404 ", answer);
        Assert.Contains("\r\nContent-Length: 0\r\n", answer);
        Assert.Equal(0, beacon.Received);
    }

    [Fact]
    public async Task More_headers_than_the_server_takes_get_the_image_too()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();
        string headers = string.Concat(Enumerable.Range(0, 5000).Select(i => $"X-{i}: y\r\n"));

        Pixels.AssertPixel(await beacon.SendAsync($"GET /trackingpixel HTTP/1.1\r\nHost: x\r\n{headers}\r\n"), 431);
    }
}
