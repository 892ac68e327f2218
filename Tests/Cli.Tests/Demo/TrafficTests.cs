using Cli.Demo;

namespace Cli.Tests.Demo;

public class TrafficTests
{
    [Fact]
    public void The_same_seed_makes_the_same_requests()
    {
        Assert.Equal(Texts(seed: 7), Texts(seed: 7));
        Assert.NotEqual(Texts(seed: 7), Texts(seed: 8));

        static IReadOnlyList<string> Texts(int seed) =>
            [.. new Traffic(seed, 500).Requests().Select(request => $"{request.Query} {string.Join(' ', request.Headers)}")];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(20_000)]
    public void Every_request_can_be_told_from_every_other(int events)
    {
        var requests = new Traffic(3, events).Requests().ToList();

        Assert.Equal(events, requests.Count);
        Assert.Equal(events, requests.Select(request => request.Id).Distinct().Count());
        Assert.All(requests, request => Assert.EndsWith($"cb={request.Id}", request.Query));
    }

    [Fact]
    public void It_is_a_mix_of_clients_sites_campaigns_and_returning_visitors()
    {
        var requests = new Traffic(11, 5_000).Requests().ToList();

        Assert.All(["Windows NT 10.0", "iPhone", "Android", "iPad", "GoogleImageProxy", "Googlebot", "Firefox"],
            name => Assert.Contains(requests, request => Agent(request).Contains(name)));
        Assert.All(["shop.example", "news.example", "travel.example", "forum.example"],
            name => Assert.Contains(requests, request => request.Query.Contains($"thirdpartyname={name}")));
        Assert.All(["utm_campaign=autumn-sale", "utm_medium=email", "event=purchase", "event=email_open", "consent=denied", "referrer=https%3A%2F%2Fwww.google.com%2F"],
            part => Assert.Contains(requests, request => request.Query.Contains(part)));
        Assert.Contains(requests, request => request.Headers.Any(header => header.Key == "Sec-GPC"));

        var visits = requests.Where(request => request.Query.Contains("userid=")).GroupBy(request => request.Query.Split('&')[0]).ToList();
        Assert.True(visits.Count(visitor => visitor.Count() > 1) > visits.Count / 4, "Too few visitors come back.");
    }

    [Fact]
    public void Bots_fill_the_night_and_desktops_the_working_day()
    {
        var requests = new Traffic(5, 6_000).Requests().ToList();
        var night = requests[..1_000];
        var day = requests[2_000..4_000];

        Assert.True(Share(night, "bot") > 2 * Share(day, "bot"));
        Assert.True(Share(day, "Windows NT 10.0; Win64; x64)") > 2 * Share(night, "Windows NT 10.0; Win64; x64)"));

        static double Share(List<PixelRequest> some, string part) => (double)some.Count(request => Agent(request).Contains(part)) / some.Count;
    }

    private static string Agent(PixelRequest request) => request.Headers.Single(header => header.Key == "User-Agent").Value;
}
