namespace Cli.Cost.Pricing;

/// <summary>What AWS asks for something, as <c>prices.json</c> has it.</summary>
/// <param name="Service">The service, as a bill names it.</param>
/// <param name="What">What is paid for.</param>
/// <param name="Per">How many units the amounts are for: 1,000,000 where AWS says "per million".</param>
/// <param name="Unit">The unit that quantities are counted in.</param>
/// <param name="Tiers">The amounts, the first ones for the first units of a month.</param>
/// <param name="FreeEachMonth">
/// The units that AWS charges no account for, in any month. They are not taken off unless asked for: an account has them
/// once, and other things in it may have used them up.
/// </param>
/// <param name="Region">The region it holds in; <c>global</c> for what has one price.</param>
/// <param name="Date">Of the newest source that states it: a year, a month or a day.</param>
/// <param name="Source">AWS's page that decides.</param>
/// <param name="Confirmed">Whether a source was found that states it; else it is what is remembered of AWS's page.</param>
/// <param name="Note">What else there is to know; null: nothing.</param>
internal sealed record Price(
    string Service, string What, double Per, string Unit, IReadOnlyList<PriceTier> Tiers, double FreeEachMonth,
    string Region, string Date, Uri Source, bool Confirmed, string? Note)
{
    /// <summary>What a month's quantity costs.</summary>
    public double Of(double quantity)
    {
        var (cost, from) = (0.0, 0.0);
        foreach (var tier in Tiers)
        {
            var to = Math.Min(quantity, tier.UpTo ?? double.PositiveInfinity);
            if (to > from)
            {
                cost += (to - from) / Per * tier.Usd;
                from = to;
            }
        }

        return cost;
    }

    /// <summary>The same with <see cref="FreeEachMonth"/> taken off.</summary>
    public double WithAllowance(double quantity) => Of(Math.Max(0, quantity - FreeEachMonth));
}

/// <summary>An amount that holds for a part of a month's quantity.</summary>
/// <param name="UpTo">The quantity at which it ends; null for the last one.</param>
/// <param name="Usd">US dollars for <see cref="Price.Per"/> units.</param>
internal sealed record PriceTier(double? UpTo, double Usd);

/// <summary>What others say that theirs costs.</summary>
/// <param name="Name">Whose.</param>
/// <param name="What">What is in it.</param>
/// <param name="RequestsPerDay">The traffic it is stated for.</param>
/// <param name="UsdPerMonth">The amount.</param>
/// <param name="Source">Where it is stated.</param>
/// <param name="Date">When it was read.</param>
internal sealed record Peer(string Name, string What, double RequestsPerDay, double UsdPerMonth, Uri Source, string Date);
