using System.Text;
using System.Text.Json;

namespace Beacon.Api.Tests;

/// <summary>What holds for every answer and for every line.</summary>
internal static class Pixels
{
    /// <summary>The transparent GIF, from its specification: header, screen with two colours, palette, transparency, image, trailer.</summary>
    public static readonly byte[] Gif = Convert.FromHexString(
        "474946383961" + "01000100" + "800000" + "000000FFFFFF" + "21F9040100000000" + "2C000000000100010000" + "02024401" + "00" + "3B");

    public static async Task AssertPixelAsync(HttpResponseMessage response, int status)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(Gif, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        AssertHeaders(response);
    }

    public static void AssertHeaders(HttpResponseMessage response)
    {
        Assert.Equal("image/gif", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(43, response.Content.Headers.ContentLength);
        Assert.Equal("no-store, no-cache, must-revalidate", response.Headers.NonValidated["Cache-Control"].ToString());
        Assert.Equal("cross-origin", response.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.False(response.Headers.Contains("Server"));
    }

    /// <summary>A whole answer as bytes: its status, with the image and its headers.</summary>
    public static void AssertPixel(byte[] answer, int status)
    {
        string text = Encoding.Latin1.GetString(answer);
        Assert.StartsWith($"HTTP/1.1 {status} ", text);
        Assert.Contains("\r\nContent-Length: 43\r\n", text);
        Assert.DoesNotContain("Content-Length: 0", text);
        Assert.Contains("\r\nContent-Type: image/gif\r\n", text);
        Assert.Contains("\r\nCache-Control: no-store, no-cache, must-revalidate\r\n", text);
        Assert.Contains("\r\nCross-Origin-Resource-Policy: cross-origin\r\n", text);
        Assert.Equal(Gif, answer[^43..]);
        Assert.Equal(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4, answer.Length - 43);
    }

    /// <summary>Reads a line of the journal as strictly as can be.</summary>
    public static JsonElement ParseLine(ReadOnlySpan<byte> line)
    {
        string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(line);
        Assert.Equal(text.Length - 1, text.IndexOf('\n'));
        Assert.True(line.Length <= 1000 * 1024);
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
        return document.RootElement.Clone();
    }

    /// <summary>A text column, or null.</summary>
    public static string? Text(this JsonElement e, string column) => e.TryGetProperty(column, out JsonElement value) ? value.GetString() : null;

    /// <summary>The parameters as <c>key=value</c>, or none.</summary>
    public static string[] Params(this JsonElement e) =>
        e.TryGetProperty("params", out JsonElement value) ? [.. value.EnumerateObject().Select(p => $"{p.Name}={p.Value.GetString()}")] : [];
}
