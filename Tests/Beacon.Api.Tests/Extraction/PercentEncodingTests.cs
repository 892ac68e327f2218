using System.Text;
using Beacon.Api.Extraction;
using FsCheck.Xunit;

namespace Beacon.Api.Tests.Extraction;

public class PercentEncodingTests
{
    [Property(MaxTest = 500)]
    public void What_is_encoded_comes_back(string text)
    {
        text = string.Concat((text ?? "").EnumerateRunes());

        Assert.Equal(text, Decode(Uri.EscapeDataString(text)));
    }

    [Property(MaxTest = 500)]
    public void Anything_can_be_decoded_and_a_part_of_it_found_again(string text, byte part)
    {
        byte[] raw = Encoding.UTF8.GetBytes(text ?? "");
        var bytes = new byte[raw.Length];
        int decoded = PercentEncoding.Decode(raw, bytes);

        int length = PercentEncoding.RawLength(raw, Math.Min(part, decoded));

        Assert.InRange(length, 0, raw.Length);
        Assert.Equal(raw.Length, PercentEncoding.RawLength(raw, decoded));
        Assert.Equal(bytes[..Math.Min(part, decoded)], DecodeBytes(raw[..length]));
        Assert.True(PercentEncoding.IsEncoded(raw) || bytes.AsSpan(0, decoded).SequenceEqual(raw));
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%4g%g4", "%zz%4g%g4")]
    [InlineData("%41%4a%4A%5f%5F", "AJJ__")]
    [InlineData("%%41+%2B+", "%A + ")]
    [InlineData("100%+of+%C3%A9", "100% of é")]
    public void A_percent_sign_without_two_digits_stands_for_itself(string raw, string expected) => Assert.Equal(expected, Decode(raw));

    [Theory]
    [InlineData("a%2Fb%3Fc", 3, "a%2Fb")]
    [InlineData("%zz%41", 3, "%zz")]
    [InlineData("a+b", 2, "a+")]
    public void The_raw_text_of_a_decoded_start_is_found(string raw, int decoded, string expected) =>
        Assert.Equal(expected, raw[..PercentEncoding.RawLength(Encoding.ASCII.GetBytes(raw), decoded)]);

    private static string Decode(string raw) => Encoding.UTF8.GetString(DecodeBytes(Encoding.UTF8.GetBytes(raw)));

    private static byte[] DecodeBytes(byte[] raw)
    {
        var bytes = new byte[raw.Length];
        return bytes[..PercentEncoding.Decode(raw, bytes)];
    }
}
