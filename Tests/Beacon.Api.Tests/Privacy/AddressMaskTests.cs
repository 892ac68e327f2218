using System.Net;
using Beacon.Api.Privacy;
using Pixel.Events;

namespace Beacon.Api.Tests.Privacy;

public class AddressMaskTests
{
    [Theory]
    [InlineData("198.51.100.77", "198.51.100.0")]
    [InlineData("255.255.255.255", "255.255.255.0")]
    [InlineData("::ffff:198.51.100.77", "198.51.100.0")]
    [InlineData("2001:db8:1234:5678:9abc:def0:1234:5678", "2001:db8:1234::")]
    [InlineData("2001:db8::1", "2001:db8::")]
    [InlineData("fe80::1%3", "fe80::")]
    [InlineData("::1", "::")]
    [InlineData("64:ff9b::198.51.100.77", "64:ff9b::")]
    [InlineData("2002:c633:644d::1", "2002:c633:6400::")] // 6to4 of 198.51.100.77
    public void Only_the_network_is_kept(string address, string expected)
    {
        var e = new PixelEvent(EventSchema.Load());
        e.Begin(DateTimeOffset.UnixEpoch);

        AddressMask.Write(IPAddress.Parse(address), e);

        Assert.Equal(expected, e.GetText(BuiltIn.Ip));
    }
}
