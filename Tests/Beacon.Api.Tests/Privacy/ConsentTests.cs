using System.Text.Json;
using Beacon.Api.Tests.Journal;

namespace Beacon.Api.Tests.Privacy;

public class ConsentTests
{
    private const string Query = "userid=alice&thirdpartyname=shop&a=1&USERID=bob&url=https%3A%2F%2Fshop.example%2Fcart%3Femail%3Dalice%26x%3D1&%75ser_id=carol&gclid=click&ref=https://a.example/b#alice&b=2";

    [Theory]
    [InlineData("", "", "", "unknown")]
    [InlineData("consent=granted", "", "", "granted")]
    [InlineData("consent=GRANTED", "", "", "granted")]
    [InlineData("consent=perhaps", "", "", "unknown")]
    [InlineData("consent=", "0", "0", "unknown")]
    [InlineData("consent=denied", "", "", "denied")]
    [InlineData("consent=Denied", "1", "1", "denied")]
    [InlineData("consent=no", "", "", "denied")]
    [InlineData("consent=granted&consent=denied", "", "", "denied")]
    [InlineData("consent=denied&consent=granted", "", "", "denied")]
    [InlineData("", "1", "", "gpc")]
    [InlineData("consent=granted", "1", "1", "gpc")]
    [InlineData("", "", "1", "dnt")]
    [InlineData("consent=granted", "", "1", "dnt")]
    [InlineData("", "1, 1", "", "gpc")]
    [InlineData("", "", "0,1", "dnt")]
    public async Task Any_refusal_counts_and_the_column_says_which(string query, string gpc, string dnt, string expected)
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        JsonElement e = await beacon.KeepAsync(query + "&userid=alice", ("Sec-GPC", gpc), ("DNT", dnt));

        Assert.Equal(expected, e.Text("consent"));
        Assert.Equal(expected is "unknown" or "granted", e.Text("user_id") == "alice");
        Assert.Equal(expected is "unknown" or "granted", e.Text("ip") == "127.0.0.0");
        Assert.Equal(query == "consent=perhaps" ? ["consent=perhaps"] : [], e.Params());
    }

    [Fact]
    public async Task Without_a_refusal_everything_is_kept()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        JsonElement e = await beacon.KeepAsync(Query);

        Assert.Equal(Query, e.Text("query"));
        Assert.Equal("alice", e.Text("user_id"));
        Assert.Equal(["a=1", "userid=bob", "user_id=carol", "gclid=click", "b=2"], e.Params());
        Assert.Equal("https://shop.example/cart?email=alice&x=1", e.Text("page_url"));
    }

    [Theory]
    [InlineData("Sec-GPC")]
    [InlineData("DNT")]
    public async Task A_refusal_removes_what_identifies_from_every_column(string header)
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        JsonElement e = await beacon.KeepAsync(Query, (header, "1"), ("Referer", "https://shop.example/?session=alice"), ("Cookie", "id=alice"));

        Assert.Equal("thirdpartyname=shop&a=1&url=https%3A%2F%2Fshop.example%2Fcart&ref=https://a.example/b&b=2", e.Text("query"));
        Assert.Null(e.Text("user_id"));
        Assert.Null(e.Text("ip"));
        Assert.Equal("shop", e.Text("third_party"));
        Assert.Equal("https://shop.example/cart", e.Text("page_url"));
        Assert.Equal("/cart", e.Text("page_path"));
        Assert.Equal("https://a.example/b", e.Text("referrer"));
        Assert.Equal(["a=1", "b=2"], e.Params());
        foreach (string secret in (string[])["alice", "bob", "carol", "click"])
        {
            Assert.DoesNotContain(secret, e.GetRawText());
        }
    }

    [Fact]
    public async Task With_a_refusal_the_page_from_the_referer_header_loses_its_query_too()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        JsonElement e = await beacon.KeepAsync("consent=denied", ("Referer", "https://shop.example/a/b?session=alice#x"));

        Assert.Equal("https://shop.example/a/b", e.Text("page_url"));
        Assert.Equal("consent=denied", e.Text("query"));
    }

    [Fact]
    public async Task A_refusal_reaches_fields_that_the_file_calls_identifying_and_every_cookie()
    {
        using var folder = new TempFolder();
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(folder.With(
            """{ "name": "account", "from": ["query:acc", "header:X-Account"], "identifies": true, "default": "none" }, { "name": "theme", "from": ["cookie:theme"], "default": "plain" }"""));

        JsonElement refused = await beacon.KeepAsync("consent=denied&ACC=alice&x=1", ("X-Account", "alice"), ("Cookie", "theme=alice"));
        JsonElement allowed = await beacon.KeepAsync("acc=alice&x=1", ("Cookie", "theme=dark"));

        Assert.DoesNotContain("alice", refused.GetRawText());
        Assert.Equal((null, "plain"), (refused.Text("account"), refused.Text("theme")));
        Assert.Equal("consent=denied&x=1", refused.Text("query"));
        Assert.Equal(("alice", "dark"), (allowed.Text("account"), allowed.Text("theme")));
    }

    [Fact]
    public async Task With_a_refusal_every_kind_of_field_takes_only_what_may_stay_of_a_value()
    {
        using var folder = new TempFolder();
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(folder.With(
            """{ "name": "mail_page", "from": ["query:email"] }, { "name": "a", "from": ["query:a"], "default": "none" }, { "name": "b", "from": ["query:b"] }, { "name": "n", "type": "int", "from": ["query:n"] }"""));

        JsonElement e = await beacon.KeepAsync("uid=1&b=x/y%3Fid%3Dalice&email=https://m.example/p?id=alice&a=?id=alice&n=7&consent=denied");

        Assert.DoesNotContain("alice", e.GetRawText());
        Assert.Equal(("https://m.example/p", null, "x/y", 7), (e.Text("mail_page"), e.Text("a"), e.Text("b"), e.GetProperty("n").GetInt32()));
        Assert.Equal("b=x/y&a=&n=7&consent=denied", e.Text("query"));
        Assert.Empty(e.Params());
    }

    [Fact]
    public async Task The_list_of_identifying_parameters_is_a_setting()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(("Privacy:IdentifyingParameters:0", "Ticket"));

        JsonElement e = await beacon.KeepAsync("ticket=t&gclid=g&consent=denied");

        Assert.Equal("gclid=g&consent=denied", e.Text("query"));
    }
}
