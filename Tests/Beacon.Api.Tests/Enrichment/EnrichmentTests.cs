using System.Text;
using System.Text.Json;
using Beacon.Api.Enrichment;
using Beacon.Api.Tests.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Pixel.Events;

namespace Beacon.Api.Tests.Enrichment;

public sealed class EnrichmentTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("https://User:pw@Shop.Example:8443/a/b;c?x#y", "shop.example", "/a/b;c")]
    [InlineData("http://a.example", "a.example", "/")]
    [InlineData("HTTPS://a.example?x=/y", "a.example", "/")]
    [InlineData("//a.example/x", "a.example", "/x")]
    [InlineData("http://[2001:db8::1]:80/x", "[2001:db8::1]", "/x")]
    [InlineData("https://xn--e1afmkfd.example/%D0%BF", "xn--e1afmkfd.example", "/%D0%BF")]
    [InlineData("/relative//x", null, null)]
    [InlineData("javascript://a.example/x", null, null)]
    [InlineData("https:///x", null, null)]
    [InlineData("https://a b/x", null, null)]
    [InlineData("a.example/x", null, null)]
    [InlineData("", null, null)]
    public void Host_and_path_are_taken_from_web_addresses(string url, string? host, string? path)
    {
        var e = new PixelEvent(EventSchema.Load());
        e.Begin(DateTimeOffset.UnixEpoch);
        e.Set(e.Schema.PlaceOf("page_url"), url);
        e.Set(e.Schema.PlaceOf("referrer"), url);

        new PageEnricher(e.Schema).Enrich(e, default);

        Assert.Equal((host, path, host), (e.GetText(BuiltIn.PageHost), e.GetText(BuiltIn.PagePath), e.GetText(BuiltIn.ReferrerHost)));
    }

    [Fact]
    public async Task An_enricher_of_your_own_fills_a_field_without_a_source()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(
            services => services.AddEnricher<Section>(),
            _folder.With("""{ "name": "page_url", "from": ["query:url"] }, { "name": "section" }"""));

        Assert.Equal("news", (await beacon.KeepAsync("url=https://a.example/news/today")).Text("section"));
    }

    [Fact]
    public async Task An_enricher_that_fails_costs_its_own_columns_only()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(
            services => services.AddEnricher<Broken>().AddEnricher<Section>(),
            _folder.With("""{ "name": "page_url", "from": ["query:url"] }, { "name": "section" }"""));
        var failed = new MetricCollector<long>(beacon.App.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), "Pixel.Beacon", "pixel.beacon.enrichment.failed");

        JsonElement e = await beacon.KeepAsync("url=https://a.example/news/today");

        Assert.Equal("news", e.Text("section"));
        Assert.Equal("a.example", e.Text("page_host"));
        Assert.Equal("Broken", Assert.Single(failed.GetMeasurementSnapshot()).Tags["enricher"]);
    }

    /// <summary>The first part of the path, as a site might want it.</summary>
    private sealed class Section(EventSchema schema) : IEventEnricher
    {
        private readonly int _section = schema.PlaceOf("section");

        public void Enrich(PixelEvent e, EnrichmentContext context) => e.Set(_section, Encoding.UTF8.GetString(e.Text(BuiltIn.PagePath)).Split('/')[1]);
    }

    private sealed class Broken : IEventEnricher
    {
        public void Enrich(PixelEvent e, EnrichmentContext context) => throw new InvalidOperationException("broken");
    }
}
