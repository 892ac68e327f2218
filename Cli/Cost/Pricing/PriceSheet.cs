using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cli.Cost.Pricing;

/// <summary>All prices, of one day and one region. The only place that amounts come from.</summary>
/// <param name="Date">The day it was put together.</param>
/// <param name="Currency">Always <c>USD</c>.</param>
/// <param name="Region">The region of all prices that are not global.</param>
/// <param name="Prices">By the name that the model uses.</param>
/// <param name="Peers">What others say that theirs costs.</param>
internal sealed record PriceSheet(DateOnly Date, string Currency, string Region, IReadOnlyDictionary<string, Price> Prices, IReadOnlyList<Peer> Peers)
{
    private const string Resource = "Cli.Cost.Pricing.prices.json";

    // A price that is misspelt must not count as nothing.
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.Strict,
    };

    /// <summary>The sheet that this program was built with.</summary>
    public static PriceSheet BuiltIn { get; } = Load();

    /// <summary>A price.</summary>
    /// <exception cref="CommandFailure">There is none of that name.</exception>
    public Price this[string name] => Prices.TryGetValue(name, out var price)
        ? price
        : throw new CommandFailure($"prices.json has no price {name}.");

    /// <summary>Reads a sheet.</summary>
    /// <exception cref="CommandFailure">It is none, or something in it cannot be a price; the sentence says what.</exception>
    public static PriceSheet Read(Stream json)
    {
        try
        {
            var sheet = JsonSerializer.Deserialize<PriceSheet>(json, Strict) ?? throw new CommandFailure("prices.json is empty.");
            return sheet.Problems().FirstOrDefault() is { } problem ? throw new CommandFailure($"prices.json: {problem}.") : sheet;
        }
        catch (JsonException e)
        {
            throw new CommandFailure($"prices.json cannot be read at {e.Path ?? "its beginning"}, line {e.LineNumber + 1}.", e);
        }
    }

    private static PriceSheet Load()
    {
        using var json = typeof(PriceSheet).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is not in the program.");
        return Read(json);
    }

    private IEnumerable<string> Problems()
    {
        // A missing member is null, whatever its type says.
        if (Prices is not { Count: > 0 } || Peers is null || Currency != "USD" || string.IsNullOrEmpty(Region))
        {
            yield return "it needs prices, peers, a region, and USD as its currency";
            yield break;
        }

        foreach (var (name, price) in Prices)
        {
            if (string.IsNullOrEmpty(price.Service) || string.IsNullOrEmpty(price.What) || string.IsNullOrEmpty(price.Unit) || string.IsNullOrEmpty(price.Date))
            {
                yield return $"{name} needs a service, what it is for, a unit and a date";
            }
            else if (price.Source is not { IsAbsoluteUri: true, Scheme: "https" })
            {
                yield return $"{name} needs the address of its source";
            }
            else if (price.Region != Region && price.Region != "global")
            {
                yield return $"{name} is of {price.Region ?? "no region"}, the sheet of {Region}";
            }
            else if (price.Per <= 0 || price.FreeEachMonth < 0)
            {
                yield return $"{name} is for a number of units that cannot be";
            }
            else if (price.Tiers is not { Count: > 0 } tiers || tiers.Any(tier => tier.Usd < 0) || tiers[^1].UpTo is not null
                || tiers.SkipLast(1).Any(tier => tier.UpTo is null) || tiers.SkipLast(1).Zip(tiers.SkipLast(1).Skip(1)).Any(pair => pair.First.UpTo >= pair.Second.UpTo))
            {
                yield return $"{name} needs tiers that rise, the last of them without an end";
            }
        }
    }
}
