using System.Globalization;

namespace Cli.Cost.Output;

/// <summary>Amounts as people read them.</summary>
internal static class Dollars
{
    /// <summary>Cents as long as they say something: <c>$12.34</c>, <c>$1,234</c>.</summary>
    public static string Text(double usd) => $"{(Math.Round(usd, 2) < 0 ? "−" : "")}${Amount(Math.Abs(usd))}";

    /// <summary>For a million requests: a tenth of a cent below a dollar.</summary>
    public static string PerMillion(double usd) => usd < 1 ? string.Create(CultureInfo.InvariantCulture, $"${usd:0.000}") : Text(usd);

    private static string Amount(double usd) => usd.ToString(usd >= 999.5 ? "#,0" : "0.00", CultureInfo.InvariantCulture);
}
