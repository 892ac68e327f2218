using System.Globalization;
using System.Text;

namespace Cli.Demo;

/// <summary>
/// Makes up a day of traffic. The same seed gives the same requests in the same order. The whole run is one
/// day, from midnight to midnight, whatever time it takes: bots fill the night, phones and mail the morning,
/// desktops the working hours, phones and tablets the evening.
/// </summary>
public sealed class Traffic(int seed, int events)
{
    // How the kinds share an hour: desktop, phone, tablet, mail, bot. Six blocks of four hours.
    private static readonly int[][] Day =
    [
        [8, 25, 2, 5, 60],
        [20, 45, 3, 20, 12],
        [55, 25, 3, 12, 5],
        [58, 27, 3, 7, 5],
        [22, 52, 16, 6, 4],
        [15, 50, 15, 5, 15],
    ];

    // Visitors of one kind for each thousand events: enough to be many, few enough that most come back.
    private const int VisitorsPerThousand = 60;

    /// <summary>The requests, in the order of the day.</summary>
    public IEnumerable<PixelRequest> Requests()
    {
        var random = new Random(seed);
        var visitors = Enum.GetValues<ClientKind>().Select((kind, index) => Population(kind, index, random)).ToArray();
        for (var number = 0; number < events; number++)
        {
            var mix = Day[(int)((long)number * Day.Length / events)];
            var kind = random.Pick(Enum.GetValues<ClientKind>(), candidate => mix[(int)candidate]);
            var crowd = visitors[(int)kind];
            // The product of two draws favours the first: a few visitors come often, many come once.
            var visitor = crowd[(int)(random.NextDouble() * random.NextDouble() * crowd.Length)];
            yield return Request(visitor, number, random);
        }
    }

    private Visitor[] Population(ClientKind kind, int index, Random random)
    {
        var size = Math.Max(5, events * VisitorsPerThousand / 1000);
        return [.. Enumerable.Range(0, size).Select(number => Visitor.Create((index * size) + number, kind, random))];
    }

    private PixelRequest Request(Visitor visitor, int number, Random random)
    {
        var isMail = visitor.Client.Kind == ClientKind.Mail;
        var site = random.Next(100) < 70 ? visitor.Favourite : random.Pick(Site.All, site => site.Weight);
        var page = site.Pages[Math.Min(random.Next(site.Pages.Length), random.Next(site.Pages.Length))];
        var arrival = random.Pick(isMail ? Arrival.Mail : Arrival.All, arrival => arrival.Weight);
        var id = string.Create(CultureInfo.InvariantCulture, $"{seed:x8}-{number}");

        var query = new StringBuilder();
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                query.Append(query.Length > 0 ? "&" : "").Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        Add("userid", visitor.UserId);
        Add("thirdpartyname", site.Name);
        Add("event", isMail ? "email_open" : EventFor(page, random));
        Add("url", isMail ? null : $"https://{site.Name}{page}");
        Add("referrer", arrival.Referrer);
        foreach (var (name, value) in new[] { "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content" }.Zip(arrival.Utm))
        {
            Add(name, value);
        }

        Add("screen", visitor.Screen);
        if (page is "/checkout" && !isMail)
        {
            Add("value", (random.Next(900, 18_000) / 100m).ToString(CultureInfo.InvariantCulture));
            Add("currency", "EUR");
        }

        if (visitor.Client.Kind is ClientKind.Desktop or ClientKind.Phone && random.Next(100) < 3)
        {
            Add("consent", "denied");
        }

        Add("cb", id);
        return new PixelRequest(id, query.ToString(), [.. Headers(visitor, isMail ? null : $"https://{site.Name}/")]);
    }

    private static string EventFor(string page, Random random) => page switch
    {
        "/cart" => "add_to_cart",
        "/checkout" => "purchase",
        _ when page.StartsWith("/search", StringComparison.Ordinal) => "search",
        _ when random.Next(100) < 8 => "click",
        _ => "pageview",
    };

    private static IEnumerable<KeyValuePair<string, string>> Headers(Visitor visitor, string? origin)
    {
        yield return new("User-Agent", visitor.Client.UserAgent);
        if (visitor.Language is { } language)
        {
            yield return new("Accept-Language", language);
        }

        // Browsers tell an image's host only the origin of the page; that is why tags send the page themselves.
        if (origin is not null)
        {
            yield return new("Referer", origin);
        }

        if (visitor.OptsOut)
        {
            yield return new("Sec-GPC", "1");
        }
    }
}
