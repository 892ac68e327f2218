using System.Text;
using Beacon.Api.Extraction;
using Beacon.Api.Privacy;
using FsCheck.Xunit;
using Microsoft.Extensions.Options;
using Pixel.Events;

namespace Beacon.Api.Tests.Extraction;

public class QueryParametersTests
{
    // What matters in a query, often; and a character of more than one byte.
    private const string Alphabet = "ab&&==%+42é";

    private static readonly ExtractionPlan Plan = new(EventSchema.Load(), Options.Create(new PrivacyOptions { IdentifyingParameters = ["a", "b"] }));

    private readonly QueryParameters _parameters = new(Plan);

    [Property(MaxTest = 2000, EndSize = 300)]
    public void Any_query_is_taken_apart_as_its_rules_say(byte[] letters)
    {
        // Parsed into what an earlier query left behind.
        _parameters.Parse(string.Concat(Enumerable.Repeat("a=%41&b=+", 20)));
        string raw = string.Concat(letters.Select(l => Alphabet[l % Alphabet.Length]));

        _parameters.Parse(raw);

        var expected = new List<(string, string, string)>();
        foreach (string pair in raw.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=', 2);
            expected.Add((Text(Encoding.UTF8.GetBytes(pair)), Decode(parts[0]), Decode(parts.ElementAtOrDefault(1) ?? "")));
        }

        Assert.Equal(expected, Enumerable.Range(0, _parameters.Count).Select(Describe));
        Assert.Equal(expected.FindIndex(p => p is { Item2: "a" or "A", Item3.Length: > 0 }), _parameters.First(Plan.Find("a"u8)));
    }

    [Theory]
    [InlineData("userid", "userid")]
    [InlineData("USERID", "userid")]
    [InlineData("Utm_Source", "utm_source")]
    [InlineData("utm_sourcf", null)]
    [InlineData("uSerid\u007f", null)]
    [InlineData("", null)]
    public void A_known_name_is_found_in_any_case(string name, string? known) =>
        Assert.Equal(known is null ? -1 : Plan.Find(Encoding.UTF8.GetBytes(known)), Plan.Find(Encoding.UTF8.GetBytes(name)));

    private (string, string, string) Describe(int i)
    {
        ref QueryParameter p = ref _parameters[i];
        Assert.Equal(_parameters.Value(p), _parameters.Kept(p));
        if (p.KeptStart >= 0)
        {
            Assert.Equal(_parameters.Value(p), _parameters.Raw.Slice(p.KeptStart, p.KeptLength));
        }

        return (Text(_parameters.Raw.Slice(p.RawStart, p.RawLength)), Text(_parameters.Key(p)), Text(_parameters.Value(p)));
    }

    private static string Decode(string raw)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(raw);
        return Text(bytes.AsSpan(0, PercentEncoding.Decode(Encoding.UTF8.GetBytes(raw), bytes)));
    }

    /// <summary>Bytes that need not be UTF-8.</summary>
    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
