using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Bench.Micro;

/// <summary>The requests that are measured: what Chrome sends for a pixel on a page, and variations of it.</summary>
internal static class TypicalRequests
{
    public const string Query =
        "userid=aws_user_0123456789&thirdpartyname=example.hightrafficwebsite.com&event=pageview"
        + "&url=https%3A%2F%2Fwww.example.com%2Fproducts%2Fshoes%2Frunning%3Fcolor%3Dblue&referrer=https%3A%2F%2Fwww.search.example%2F"
        + "&utm_source=newsletter&utm_medium=email&utm_campaign=autumn&screen=1920x1080&lang=en-US";

    private static readonly (string Name, string Value)[] Headers =
    [
        ("Host", "pixel.example"),
        ("Connection", "keep-alive"),
        ("User-Agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"),
        ("Accept", "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"),
        ("Accept-Language", "en-US,en;q=0.9,de;q=0.8"),
        ("Accept-Encoding", "gzip, deflate, br, zstd"),
        ("Referer", "https://www.example.com/products/shoes/running?color=blue&size=42"),
        ("Sec-Fetch-Dest", "image"),
        ("Sec-Fetch-Mode", "no-cors"),
        ("Sec-Fetch-Site", "cross-site"),
    ];

    /// <summary>A request as the server hands it over.</summary>
    public static IFeatureCollection Make(string query, params (string Name, string Value)[] more)
    {
        IHeaderDictionary headers = MakeServerHeaders();
        foreach ((string name, string value) in (IEnumerable<(string, string)>)[.. Headers, .. more])
        {
            headers[name] = value;
        }

        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = "GET", Path = "/trackingpixel", QueryString = "?" + query, Headers = headers });
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = IPAddress.Parse("198.51.100.77") });
        return features;
    }

    /// <summary>The server's own collection, in which known headers are fields; what it costs to ask it is part of an event.</summary>
    private static IHeaderDictionary MakeServerHeaders()
    {
        Type type = typeof(KestrelServer).Assembly.GetType("Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.HttpRequestHeaders", throwOnError: true)!;
        return (IHeaderDictionary)Activator.CreateInstance(type, [true, null])!;
    }
}
