using System.Net;
using Beacon.Api.Privacy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Beacon.Api.Tests.Privacy;

public class ClientAddressTests
{
    [Theory]
    // Nobody is known: the header means nothing.
    [InlineData("", "203.0.113.9", "198.51.100.1", "203.0.113.9")]
    // A stranger who sends the header is himself.
    [InlineData("10.0.0.0/8", "203.0.113.9", "198.51.100.1", "203.0.113.9")]
    [InlineData("10.0.0.0/8", "10.1.2.3", "198.51.100.1", "198.51.100.1")]
    // What stands to the left of the first stranger was made up by him.
    [InlineData("10.0.0.0/8", "10.1.2.3", "192.0.2.66, 198.51.100.1", "198.51.100.1")]
    [InlineData("10.0.0.0/8", "10.1.2.3", "192.0.2.66, 198.51.100.1, 10.9.9.9", "198.51.100.1")]
    [InlineData("10.0.0.0/8", "10.1.2.3", "10.5.5.5, 198.51.100.1, 10.9.9.9", "198.51.100.1")]
    [InlineData("10.0.0.0/8;198.51.100.1", "10.1.2.3", "192.0.2.66, 198.51.100.1", "192.0.2.66")]
    // Every hop is known: the first of them began.
    [InlineData("10.0.0.0/8", "10.1.2.3", "10.5.5.5, 10.9.9.9", "10.5.5.5")]
    [InlineData("10.0.0.0/8", "10.1.2.3", "", "10.1.2.3")]
    // A known proxy says nothing useful.
    [InlineData("10.0.0.0/8", "10.1.2.3", "unknown", null)]
    [InlineData("10.0.0.0/8", "10.1.2.3", "198.51.100.1, garbage", null)]
    [InlineData("10.0.0.0/8", "10.1.2.3", "198.51.100.1,", "198.51.100.1")]
    [InlineData("10.0.0.0/8", "10.1.2.3", "1", null)]
    // Forms of addresses.
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", "198.51.100.1:4711", "198.51.100.1")]
    [InlineData("10.0.0.0/8", "10.1.2.3", "::ffff:198.51.100.1", "198.51.100.1")]
    [InlineData("2001:db8::/32", "2001:db8::1", "2001:470::5", "2001:470::5")]
    [InlineData("2001:db8::/32", "2001:db8::1", "[2001:470::5]:80", "2001:470::5")]
    [InlineData("10.1.2.3", "10.1.2.3", "198.51.100.1|10.1.2.3", "198.51.100.1")]
    public void The_visitor_is_the_first_stranger_from_the_right(string known, string connection, string forwarded, string? expected)
    {
        var addresses = new ClientAddress(Options.Create(new ProxyOptions { Known = known.Split(';', StringSplitOptions.RemoveEmptyEntries) }));
        var headers = new HeaderDictionary();
        if (forwarded.Length > 0)
        {
            headers["X-Forwarded-For"] = forwarded.Split('|');
        }

        Assert.Equal(expected, addresses.Of(IPAddress.Parse(connection), headers)?.ToString());
    }

    [Fact]
    public async Task Behind_a_known_proxy_the_forwarded_network_is_kept()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(("Proxy:Known:0", "127.0.0.0/8"));

        Assert.Equal("198.51.100.0", (await beacon.KeepAsync("", ("X-Forwarded-For", "6.6.6.6, 198.51.100.77"))).Text("ip"));
    }

    [Fact]
    public async Task Without_known_proxies_the_header_is_not_believed()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        Assert.Equal("127.0.0.0", (await beacon.KeepAsync("", ("X-Forwarded-For", "198.51.100.77"))).Text("ip"));
    }
}
