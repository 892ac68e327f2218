using System.Text;
using System.Text.Json;

namespace Pixel.Events.Tests.Writing;

public class ParameterBagTests
{
    private readonly PixelEvent _event = Written.New();

    [Fact]
    public void Keys_are_lower_cased_and_the_values_of_one_key_joined()
    {
        Add("Color", "red");
        Add("size", "1");
        Add("COLOR", "green");
        Add("color", "");
        Add("ΌΝΟΜΑ", "x");

        Assert.Equal("""{"color":"red,green,","size":"1","όνομα":"x"}""", Json());
        Assert.True(_event.Parameters.TryGet("color"u8, out ReadOnlySpan<byte> value));
        Assert.Equal("red,green,", Encoding.UTF8.GetString(value));
        Assert.False(_event.Parameters.TryGet("Color"u8, out _));
    }

    [Fact]
    public void Keys_that_another_lower_casing_would_make_equal_are_one()
    {
        // The Kelvin sign, the dotted capital I and a character that Unicode has not assigned.
        Add("k", "1");
        Add("\u212A", "2");
        Add("i", "3");
        Add("\u0130", "4");
        Add("_", "5");
        Add("\U000107FF", "6");
        Add("\0", "7");
        Add("", "8");

        Assert.Equal("""{"k":"1,2","i":"3,4","_":"5,6,7,8"}""", Json());
    }

    [Fact]
    public void No_key_changes_when_it_is_lower_cased_again()
    {
        foreach (int[] some in Enumerable.Range(0, 0x110000).Where(c => c is < 0xD800 or > 0xDFFF).Chunk(EventLimits.Parameters))
        {
            _event.Begin(_event.ReceivedAt);
            Array.ForEach(some, c => Add(char.ConvertFromUtf32(c), ""));
            foreach (JsonProperty parameter in Params().EnumerateObject())
            {
                Assert.Equal(parameter.Name, parameter.Name.ToLowerInvariant());
                Assert.NotEqual("\u0130", parameter.Name);
            }
        }
    }

    [Fact]
    public void Keys_and_values_are_cut_between_characters()
    {
        Add(new string('k', 127) + "é", new string('v', EventLimits.ParameterValue - 1) + "é");

        JsonProperty only = Params().EnumerateObject().Single();
        Assert.Equal(new string('k', 127), only.Name);
        Assert.Equal(new string('v', EventLimits.ParameterValue - 1), only.Value.GetString());
    }

    [Fact]
    public void Ten_thousand_parameters_become_as_many_as_fit()
    {
        int kept = 0;
        for (int i = 0; i < 10_000; i++)
        {
            kept += Add($"p{i}", "v") ? 1 : 0;
        }

        Assert.Equal(EventLimits.Parameters, kept);
        Assert.Equal(EventLimits.Parameters, Params().EnumerateObject().Count());
    }

    [Fact]
    public void All_values_together_are_bounded_even_of_one_key()
    {
        for (int i = 0; i < 1000; i++)
        {
            Add("k", new string('v', 100));
        }

        Assert.InRange(Params().GetProperty("k").GetString()!.Length, EventLimits.ParameterBytes - 101, EventLimits.ParameterBytes);
    }

    private bool Add(string key, string value) => _event.Parameters.Add(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value));

    private JsonElement Params() => Written.Read(_event).GetProperty("params");

    private string Json() => Params().GetRawText();
}
