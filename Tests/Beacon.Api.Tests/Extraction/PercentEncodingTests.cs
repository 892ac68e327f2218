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
        text ??= "";
        var bytes = new byte[text.Length * 3];
        int decoded = PercentEncoding.Decode(text, bytes);

        int length = PercentEncoding.RawLength(text, Math.Min(part, decoded));

        Assert.InRange(length, 0, text.Length);
        Assert.Equal(text.Length, PercentEncoding.RawLength(text, decoded));
    }

    [Theory]
    [InlineData("a%2Fb%3Fc", 3, "a%2Fb")]
    [InlineData("%zz%41", 3, "%zz")]
    [InlineData("a+b", 2, "a+")]
    public void The_raw_text_of_a_decoded_start_is_found(string raw, int decoded, string expected) =>
        Assert.Equal(expected, raw[..PercentEncoding.RawLength(raw, decoded)]);

    private static string Decode(string raw)
    {
        var bytes = new byte[raw.Length * 3];
        return Encoding.UTF8.GetString(bytes, 0, PercentEncoding.Decode(raw, bytes));
    }
}
