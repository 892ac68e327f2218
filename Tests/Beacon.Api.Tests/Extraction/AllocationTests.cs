using System.Net;
using Beacon.Api.Enrichment;
using Beacon.Api.Extraction;
using Beacon.Api.Privacy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Pixel.Events;

namespace Beacon.Api.Tests.Extraction;

public class AllocationTests
{
    private const string Query = "?userid=u1&event=view&url=https%3A%2F%2Fwww.Example.com%2Fa%3Fb%3D1&ref=https://b.example/&utm_source=x";

    [Theory]
    [InlineData("", "", "", "198.51.100.77")]
    [InlineData("", "Sec-GPC", "1", "198.51.100.77")]
    [InlineData("&consent=denied", "Referer", "https://a.example/?x=1", "198.51.100.77")]
    [InlineData("&plan=pro&Tag=a&tag=b&gclid=1&c=1&d=2&e=3&f=4&g=5&h=6", "", "", "198.51.100.77")]
    [InlineData("", "Cookie", "session=1; theme=dark", "198.51.100.77")]
    [InlineData("", "X-Load", "75", "198.51.100.77")]
    [InlineData("&utm_term=%22%D0%BA%D1%80%22+%FF", "Accept-Language", "\u00d0\u00ba", "2001:db8:1234:5678::1")]
    public void An_event_allocates_nothing(string more, string header, string value, string address)
    {
        var schema = new EventSchema(FieldFile.Parse(
            """
            { "fields": [
              { "name": "user_id", "from": ["query:userid"], "identifies": true }, { "name": "page_url", "from": ["query:url", "header:referer"] },
              { "name": "referrer", "from": ["query:ref"] }, { "name": "language", "from": ["header:accept-language"] },
              { "name": "theme", "from": ["cookie:theme"], "default": "plain" }, { "name": "load", "type": "int", "from": ["header:x-load"] } ] }
            """u8.ToArray(), "f.json"));
        var plan = new ExtractionPlan(schema, Options.Create(new PrivacyOptions()));
        var request = new HttpRequestFeature { QueryString = Query + more };
        request.Headers.UserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
        if (header.Length > 0)
        {
            request.Headers[header] = value;
        }

        var draft = new Draft(schema, plan);
        var features = new FeatureCollection();
        var extractor = new FieldExtractor(plan);
        var pages = new PageEnricher(schema);
        IPAddress visitor = IPAddress.Parse(address);
        const int Events = 1000;
        MakeMany();
        long before = GC.GetAllocatedBytesForCurrentThread();
        MakeMany();

        // A collection may take an array from the pool meanwhile, once: that is no allocation of each event.
        Assert.Equal(0, (GC.GetAllocatedBytesForCurrentThread() - before) / Events);

        void MakeMany()
        {
            for (int i = 0; i < Events; i++)
            {
                draft.Begin(features, request, DateTimeOffset.UnixEpoch.AddMilliseconds(i));
                draft.Consent = ConsentReader.Read(draft.Headers, draft);
                extractor.Extract(draft);
                AddressMask.Write(visitor, draft.Event);
                pages.Enrich(draft.Event, default);
                Assert.False(draft.Event.WriteOpen().IsEmpty);
                draft.End();
            }
        }
    }
}
