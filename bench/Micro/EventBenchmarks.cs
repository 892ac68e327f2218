using System.Net;
using System.Text;
using Beacon.Api.Enrichment;
using Beacon.Api.Extraction;
using Beacon.Api.Privacy;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Pixel.Events;

namespace Bench.Micro;

/// <summary>What one event costs, from the request to its JSON: all that a request pays besides the server and the journal.</summary>
[MemoryDiagnoser, MinColumn]
public class EventBenchmarks
{
    private static readonly DateTimeOffset ReceivedAt = new(2026, 11, 23, 8, 25, 1, 234, TimeSpan.Zero);

    private Draft _draft = null!;
    private FieldExtractor _extractor = null!;
    private PageEnricher _pages = null!;
    private IFeatureCollection _features = null!;
    private IHttpRequestFeature _request = null!;
    private IPAddress _address = null!;

    /// <summary>What differs from the typical request.</summary>
    public enum Variation
    {
        /// <summary>Nothing.</summary>
        Typical,

        /// <summary>The browser refuses: <c>Sec-GPC: 1</c>.</summary>
        Refusal,

        /// <summary>Six parameters that no field takes, one of them twice.</summary>
        UnknownParameters,

        /// <summary>A field that comes from a cookie.</summary>
        CookieField,

        /// <summary>Another script and quotes in a value, a visitor by IPv6.</summary>
        OtherScript,
    }

    /// <summary>The request that is measured.</summary>
    [ParamsAllValues]
    public Variation Request { get; set; }

    /// <summary>Makes the request.</summary>
    [GlobalSetup]
    public void Setup()
    {
        string file = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "pixel.fields.json"));
        if (Request == Variation.CookieField)
        {
            file = file.Replace("\"fields\": [", "\"fields\": [ { \"name\": \"theme\", \"from\": [\"cookie:theme\"] },", StringComparison.Ordinal);
        }

        var schema = new EventSchema(FieldFile.Parse(Encoding.UTF8.GetBytes(file), "pixel.fields.json"));
        var plan = new ExtractionPlan(schema, Options.Create(new PrivacyOptions()));
        _draft = new Draft(schema, plan);
        _extractor = new FieldExtractor(plan);
        _pages = new PageEnricher(schema);
        _address = IPAddress.Parse(Request == Variation.OtherScript ? "2001:db8:1234:5678:9abc:def0:1234:5678" : "198.51.100.77");
        _features = Request switch
        {
            Variation.Refusal => TypicalRequests.Make(TypicalRequests.Query, ("Sec-GPC", "1")),
            Variation.UnknownParameters => TypicalRequests.Make(TypicalRequests.Query + "&plan=pro&cart_value=42.50&tag=a&Section=shoes&tag=b&gclid=EAIaIQobChMI&ab=variant-2"),
            Variation.CookieField => TypicalRequests.Make(TypicalRequests.Query, ("Cookie", "session=0123456789abcdef; theme=dark; other=1")),
            Variation.OtherScript => TypicalRequests.Make(TypicalRequests.Query + "&utm_term=%22%D0%BA%D1%80%D0%BE%D1%81%D1%81%D0%BE%D0%B2%D0%BA%D0%B8%22+42"),
            _ => TypicalRequests.Make(TypicalRequests.Query),
        };
        _request = _features.GetRequiredFeature<IHttpRequestFeature>();
        Console.WriteLine("// " + Encoding.UTF8.GetString(Whole().Span));
    }

    /// <summary>Its query alone, made into parameters.</summary>
    [Benchmark]
    public int Parse()
    {
        _draft.Begin(_features, _request, ReceivedAt);
        int count = _draft.Parameters.Count;
        _draft.End();
        return count;
    }

    /// <summary>Its JSON alone.</summary>
    [Benchmark]
    public ReadOnlyMemory<byte> Write() => _draft.Event.WriteOpen();

    /// <summary>The whole event.</summary>
    [Benchmark]
    public ReadOnlyMemory<byte> Whole()
    {
        Draft draft = _draft;
        draft.Begin(_features, _request, ReceivedAt);
        draft.Consent = ConsentReader.Read(draft.Headers, draft);
        _extractor.Extract(draft);
        if (draft.Consent.MayIdentify())
        {
            AddressMask.Write(_address, draft.Event);
        }

        _pages.Enrich(draft.Event, default);
        ReadOnlyMemory<byte> written = draft.Event.WriteOpen();
        draft.End();
        return written;
    }
}
