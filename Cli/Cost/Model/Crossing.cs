namespace Cli.Cost.Model;

/// <summary>The rate from which one way is cheaper than another.</summary>
internal static class Crossing
{
    private const double Least = 0.01;
    private const double Most = 10_000;
    private const int Halvings = 60;

    /// <summary>
    /// Requests a second from which <paramref name="dear"/>, which begins with more, costs less than <paramref name="cheap"/>;
    /// null when that is never so up to 10,000.
    /// </summary>
    public static double? Of(CostModel model, Receiving cheap, Receiving dear)
    {
        if (Costs(Least) <= 0 || Costs(Most) >= 0)
        {
            return null;
        }

        var (below, above) = (Least, Most);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = Math.Sqrt(below * above);
            (below, above) = Costs(middle) > 0 ? (middle, above) : (below, middle);
        }

        return above;

        double Costs(double rate) => model.Of(dear, new(rate)).Total - model.Of(cheap, new(rate)).Total;
    }
}
