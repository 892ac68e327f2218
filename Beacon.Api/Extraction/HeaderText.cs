using System.Buffers;
using System.Text;
using Microsoft.Extensions.Primitives;
using Pixel.Events;

namespace Beacon.Api.Extraction;

/// <summary>
/// Header values as the bytes that came. The server is told to read them as Latin-1, which accepts any byte and loses
/// none; here they are bytes again, and most likely UTF-8.
/// </summary>
internal static class HeaderText
{
    /// <summary>Whether the header has a value that is not empty.</summary>
    public static bool HasValue(StringValues values) => values.Count > 1 || (values.Count == 1 && values[0] is { Length: > 0 });

    /// <summary>Sets a column from a header; several values are joined as HTTP joins them (RFC 9110, 5.3).</summary>
    /// <returns>False when the text is not of the column's type.</returns>
    public static bool TrySet(PixelEvent e, int place, StringValues values) =>
        TrySet(e, place, values.Count == 1 ? values[0] : string.Join(", ", values.ToArray()));

    /// <summary>Sets a column from a part of a header.</summary>
    /// <returns>False when the text is not of the column's type.</returns>
    public static bool TrySet(PixelEvent e, int place, ReadOnlySpan<char> text)
    {
        // ASCII means the same whatever it is read as; and beyond Latin-1 nothing comes from the server.
        if (Ascii.IsValid(text) || text.ContainsAnyExceptInRange('\0', '\u00FF'))
        {
            return e.TrySet(place, text);
        }

        byte[] bytes = ArrayPool<byte>.Shared.Rent(text.Length);
        bool set = e.TrySet(place, bytes.AsSpan(0, Encoding.Latin1.GetBytes(text, bytes)));
        ArrayPool<byte>.Shared.Return(bytes);
        return set;
    }
}
