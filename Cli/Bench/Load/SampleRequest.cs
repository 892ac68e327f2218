using System.Globalization;
using System.Text;

namespace Cli.Bench.Load;

/// <summary>
/// The one request of every speed measurement: a page view as a tag in Chrome sends it, with a query of about 300 bytes.
/// </summary>
internal static class SampleRequest
{
    public const string Path = "/trackingpixel";

    public const string Query =
        "userid=aws_user_0123456789&thirdpartyname=example.hightrafficwebsite.com&event=pageview"
        + "&url=https%3A%2F%2Fwww.example.com%2Fproducts%2Fshoes%2Frunning%3Fcolor%3Dblue&referrer=https%3A%2F%2Fwww.search.example%2F"
        + "&utm_source=newsletter&utm_medium=email&utm_campaign=autumn&screen=1920x1080&lang=en-US";

    public static readonly IReadOnlyList<KeyValuePair<string, string>> Headers =
    [
        new("User-Agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"),
        new("Accept", "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"),
        new("Accept-Language", "en-US,en;q=0.9,de;q=0.8"),
        new("Accept-Encoding", "gzip, deflate, br, zstd"),
        new("Referer", "https://www.example.com/products/shoes/running?color=blue&size=42"),
        new("Sec-Fetch-Dest", "image"),
        new("Sec-Fetch-Mode", "no-cors"),
        new("Sec-Fetch-Site", "cross-site"),
    ];

    /// <summary>The bytes on the wire.</summary>
    public static byte[] Bytes(int port) => Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"GET {Path}?{Query} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n")
        + string.Concat(Headers.Select(header => $"{header.Key}: {header.Value}\r\n")) + "\r\n");
}
