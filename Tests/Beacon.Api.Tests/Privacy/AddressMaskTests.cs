using System.Net;
using Beacon.Api.Privacy;
using FsCheck.Xunit;
using Pixel.Events;

namespace Beacon.Api.Tests.Privacy;

public class AddressMaskTests
{
    private static readonly EventSchema Schema = EventSchema.Load();

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
    public void Only_the_network_is_kept(string address, string expected) =>
        Assert.Equal(expected, Masked(IPAddress.Parse(address)));

    [Property(MaxTest = 1000)]
    public void A_network_is_written_as_the_platform_writes_its_first_address(ushort a, ushort b, ushort c, byte zeros)
    {
        byte[] bytes = [(byte)(a >> 8), (byte)a, (byte)(b >> 8), (byte)b, (byte)(c >> 8), (byte)c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        for (int i = 0; i < 6; i++)
        {
            bytes[i] = (zeros & (1 << i)) == 0 ? bytes[i] : (byte)0;
        }

        bytes[5] = bytes is [0x20, 0x02, ..] ? (byte)0 : bytes[5]; // 6to4
        var network = new IPAddress(bytes);
        bytes.AsSpan(6).Fill(0xAB);

        Assert.Equal(network.ToString(), Masked(new IPAddress(bytes)));
        Assert.Equal(new IPAddress([bytes[0], bytes[1], bytes[2], 0]).ToString(), Masked(new IPAddress([.. bytes[..3], 77])));
    }

    private static string? Masked(IPAddress address)
    {
        var e = new PixelEvent(Schema);
        e.Begin(DateTimeOffset.UnixEpoch);
        AddressMask.Write(address, e);
        return e.GetText(BuiltIn.Ip);
    }
}
