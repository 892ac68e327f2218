using System.Text;
using Beacon.Api.Privacy;

namespace Beacon.Api.Tests.Privacy;

public class UrlReductionTests
{
    [Theory]
    [InlineData("https://a.example/p?q=1#f", "https://a.example/p")]
    [InlineData("https://a.example?q=1", "https://a.example")]
    [InlineData("https://a.example/p#f", "https://a.example/p")]
    [InlineData("//a.example/p?q", "//a.example/p")]
    [InlineData("/p?q=1", "/p")]
    [InlineData("a.example/p?q=1", "a.example/p")]
    [InlineData("a.example?email=alice", "a.example")]
    [InlineData("index.html#token=alice", "index.html")]
    [InlineData("?email=alice", "")]
    [InlineData("a.example%3Femail%3dalice", "a.example")]
    [InlineData("https%3A%2F%2Fa.example%2Fp%3fq%3D1", "https%3A%2F%2Fa.example%2Fp")]
    [InlineData("https%3A%2F%2Fa.example%2Fp%23f", "https%3A%2F%2Fa.example%2Fp")]
    [InlineData("https://alice:secret@a.example/p", "")]
    [InlineData("https://a.example/@alice", "https://a.example/@alice")]
    [InlineData("what? a/b", "what? a/b")]
    [InlineData("plain", "plain")]
    [InlineData("%", "%")]
    [InlineData("", "")]
    public void What_stays_of_a_text_is_its_start(string text, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(UrlReduction.Reduce(Encoding.UTF8.GetBytes(text))));
}
