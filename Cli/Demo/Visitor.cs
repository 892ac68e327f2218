namespace Cli.Demo;

/// <summary>Someone, or something, who loads pixels and comes back.</summary>
/// <param name="UserId">The site's own id of a visitor who is signed in.</param>
/// <param name="Client">The program used.</param>
/// <param name="Language">Accept-Language; null for a program that sends none.</param>
/// <param name="Screen">Null where no script runs to tell.</param>
/// <param name="Favourite">The site visited most.</param>
/// <param name="OptsOut">Whether the browser asks not to be tracked (Sec-GPC).</param>
internal sealed record Visitor(string? UserId, Client Client, string? Language, string? Screen, Site Favourite, bool OptsOut)
{
    private static readonly string[] Languages =
        ["en-US,en;q=0.9", "en-GB,en;q=0.8", "de-DE,de;q=0.9,en;q=0.6", "es-ES,es;q=0.9", "fr-FR,fr;q=0.8,en;q=0.5", "nl-NL,nl;q=0.9,en;q=0.7", "pt-BR,pt;q=0.9", "ja,en-US;q=0.7", "zh-CN,zh;q=0.9", "pl-PL,pl;q=0.9,en;q=0.5"];

    /// <summary>Makes up one visitor with a program of this kind.</summary>
    public static Visitor Create(int number, ClientKind kind, Random random)
    {
        var client = random.Pick([.. Client.All.Where(client => client.Kind == kind)], client => client.Weight);
        var isPerson = kind != ClientKind.Bot;
        return new Visitor(
            // Newsletters know whom they were sent to; on the web, four of ten are signed in.
            isPerson && (kind == ClientKind.Mail || random.Next(10) < 4) ? $"user-{number:00000}" : null,
            client,
            isPerson && kind != ClientKind.Mail ? Languages[Math.Min(random.Next(Languages.Length), random.Next(Languages.Length))] : null,
            client.Screens.Length > 0 ? client.Screens[random.Next(client.Screens.Length)] : null,
            random.Pick(Site.All, site => site.Weight),
            isPerson && kind != ClientKind.Mail && random.Next(100) < 4);
    }
}

internal static class WeightedChoice
{
    /// <summary>One of the items, as often as its weight says.</summary>
    public static T Pick<T>(this Random random, IReadOnlyList<T> items, Func<T, int> weight)
    {
        var left = random.Next(items.Sum(weight));
        foreach (var item in items)
        {
            left -= weight(item);
            if (left < 0)
            {
                return item;
            }
        }

        throw new InvalidOperationException("The weights do not add up to their sum.");
    }
}
