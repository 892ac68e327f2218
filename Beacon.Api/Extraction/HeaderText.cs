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
    private const int OnStack = 512;

    /// <summary>Sets a column from a header; several values are joined as HTTP joins them (RFC 9110, 5.3).</summary>
    /// <returns>False when the text is not of the column's type.</returns>
    public static bool TrySet(PixelEvent e, int place, StringValues values)
    {
        string text = values.Count == 1 ? values[0]! : string.Join(", ", values.ToArray());
        if (text.AsSpan().ContainsAnyExceptInRange('\0', '\u00FF'))
        {
            return e.TrySet(place, Encoding.UTF8.GetBytes(text));
        }

        byte[]? rented = text.Length > OnStack ? System.Buffers.ArrayPool<byte>.Shared.Rent(text.Length) : null;
        Span<byte> bytes = rented ?? stackalloc byte[OnStack];
        int length = Encoding.Latin1.GetBytes(text, bytes);
        bool set = e.TrySet(place, bytes[..length]);
        if (rented is not null)
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(rented);
        }

        return set;
    }
}
