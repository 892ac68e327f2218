namespace Cli.Demo;

/// <summary>What kind of program loads the pixel.</summary>
internal enum ClientKind
{
    Desktop,
    Phone,
    Tablet,
    Mail,
    Bot,
}

/// <summary>A program that loads pixels.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Weight">How common it is among its kind.</param>
/// <param name="UserAgent">What it says of itself.</param>
/// <param name="Screens">The screens it is found on; empty for one that runs no script and so cannot tell.</param>
internal sealed record Client(ClientKind Kind, int Weight, string UserAgent, params string[] Screens)
{
    private static readonly string[] DesktopScreens = ["1920x1080", "1536x864", "2560x1440", "1366x768", "1440x900"];
    private static readonly string[] PhoneScreens = ["412x915", "360x800", "393x873"];

    /// <summary>A fair sample of what a pixel meets: real user agents, old and new.</summary>
    public static readonly IReadOnlyList<Client> All =
    [
        new(ClientKind.Desktop, 45, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", DesktopScreens),
        new(ClientKind.Desktop, 14, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0", DesktopScreens),
        new(ClientKind.Desktop, 12, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15", "1440x900", "1728x1117", "2560x1440"),
        new(ClientKind.Desktop, 10, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "1440x900", "1728x1117"),
        new(ClientKind.Desktop, 8, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0", DesktopScreens),
        new(ClientKind.Desktop, 4, "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "1920x1080", "3840x2160"),
        new(ClientKind.Desktop, 2, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0", DesktopScreens),
        new(ClientKind.Phone, 42, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36", PhoneScreens),
        new(ClientKind.Phone, 38, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1", "390x844", "393x852", "430x932"),
        new(ClientKind.Phone, 8, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", PhoneScreens),
        new(ClientKind.Phone, 6, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0.7390.41 Mobile/15E148 Safari/604.1", "390x844", "393x852"),
        new(ClientKind.Phone, 3, "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0", PhoneScreens),
        new(ClientKind.Tablet, 7, "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1", "820x1180", "1024x1366"),
        new(ClientKind.Tablet, 3, "Mozilla/5.0 (Linux; Android 14; SM-X210) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", "800x1280"),
        new(ClientKind.Mail, 50, "Mozilla/5.0"), // Apple Mail Privacy Protection fetches with nothing else
        new(ClientKind.Mail, 30, "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"),
        new(ClientKind.Mail, 8, "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"),
        new(ClientKind.Mail, 7, "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Win64; x64; Trident/7.0; .NET CLR 4.0.30319; ms-office; MSOffice 16)"),
        new(ClientKind.Mail, 5, "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.14.0"),
        new(ClientKind.Bot, 10, "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
        new(ClientKind.Bot, 6, "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"),
        new(ClientKind.Bot, 5, "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)"),
        new(ClientKind.Bot, 4, "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)"),
        new(ClientKind.Bot, 3, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0 Safari/537.36", "800x600"),
        new(ClientKind.Bot, 2, "python-requests/2.32.5"),
        new(ClientKind.Bot, 2, "curl/8.14.1"),
    ];
}
