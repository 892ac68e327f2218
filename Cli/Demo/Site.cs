namespace Cli.Demo;

/// <summary>A site that carries the pixel.</summary>
/// <param name="Name">What it sends as <c>thirdpartyname</c>; all are under names reserved for examples.</param>
/// <param name="Weight">How busy it is.</param>
/// <param name="Pages">Its pages, the most visited first.</param>
internal sealed record Site(string Name, int Weight, params string[] Pages)
{
    public static readonly IReadOnlyList<Site> All =
    [
        new("shop.example", 40, "/", "/sale", "/shoes/runner-2", "/shoes/trail-9", "/cart", "/checkout", "/search?q=rain+jacket&sort=price", "/größen"),
        new("news.example", 30, "/", "/politics", "/sport/live", "/2026/11/the-long-read", "/weather", "/science/a%20new%20comet"),
        new("travel.example", 15, "/", "/lisbon", "/kyoto", "/deals?from=AMS&nights=3", "/hotels/grand-café"),
        new("example.hightrafficwebsite.com", 10, "/", "/landing", "/pricing"),
        new("forum.example", 5, "/", "/t/1042", "/t/998?page=2", "/u/ada"),
    ];
}

/// <summary>Where a visit comes from.</summary>
/// <param name="Weight">How often.</param>
/// <param name="Referrer">The page before, if the browser tells.</param>
/// <param name="Utm">The campaign's parameters: source, medium, campaign, term, content; null where it has none.</param>
internal sealed record Arrival(int Weight, string? Referrer, params string?[] Utm)
{
    public static readonly IReadOnlyList<Arrival> All =
    [
        new(40, null),
        new(24, "https://www.google.com/"),
        new(5, "https://duckduckgo.com/"),
        new(4, "https://www.bing.com/"),
        new(6, "https://social.example/@runner/1123581321"),
        new(7, "https://www.google.com/", "google", "cpc", "autumn-sale", "rain jacket", "ad-3b"),
        new(5, "https://social.example/", "social", "paid", "autumn-sale", null, "video-15s"),
        new(3, "https://partner.example/deals?id=7&ref=side\"bar", "partner", "affiliate", "evergreen"),
        new(3, "https://blog.example/10-trails-for-november", "blog", "referral", "trails & tales"),
    ];

    /// <summary>Opening a mail has no page before it.</summary>
    public static readonly IReadOnlyList<Arrival> Mail =
    [
        new(60, null, "newsletter", "email", "weekly-47"),
        new(25, null, "newsletter", "email", "autumn-sale", null, "header-image"),
        new(15, null, "crm", "email", "cart-reminder"),
    ];
}
