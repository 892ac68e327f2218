using System.Buffers;
using System.Text;
using Pixel.Events;

namespace Beacon.Api.Privacy;

/// <summary>
/// Takes from an address what may tell who visits it: everything from <c>?</c> or <c>#</c> on, and all of it when a user
/// is named before the host. The rest says which page it was.
/// </summary>
/// <remarks>
/// What counts as an address is any text with a slash before its first <c>?</c> or <c>#</c>, or an equals sign behind it,
/// because addresses come in every form: without a scheme, host or slash (<c>a.example?id=1</c>), or encoded once more, as
/// redirecting services do.
/// </remarks>
internal static class UrlReduction
{
    private static readonly SearchValues<byte> Marks = SearchValues.Create("/?#%"u8);

    /// <summary>The part of a text that may stay: a start of it.</summary>
    public static ReadOnlySpan<byte> Reduce(ReadOnlySpan<byte> text)
    {
        if (NamesUser(text))
        {
            return default;
        }

        bool slash = false;
        for (int i = text.IndexOfAny(Marks); i >= 0; i = Next(text, i))
        {
            switch (At(text, i))
            {
                case (byte)'/':
                    slash = true;
                    break;
                case (byte)'?' or (byte)'#':
                    return slash || HasEquals(text[i..]) ? text[..i] : text;
            }
        }

        return text;
    }

    /// <summary>Reduces a text column.</summary>
    public static void Reduce(PixelEvent e, int place)
    {
        ReadOnlySpan<byte> text = e.Text(place);
        ReadOnlySpan<byte> reduced = Reduce(text);
        if (reduced.Length == text.Length)
        {
            return;
        }

        if (reduced.IsEmpty)
        {
            e.Clear(place);
        }
        else
        {
            e.TrySet(place, reduced);
        }
    }

    private static bool NamesUser(ReadOnlySpan<byte> text)
    {
        int authority = text.IndexOf("//"u8);
        if (authority < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text[(authority + 2)..];
        int end = rest.IndexOfAny("/?#"u8);
        return (end < 0 ? rest : rest[..end]).Contains((byte)'@');
    }

    private static bool HasEquals(ReadOnlySpan<byte> text) => text.Contains((byte)'=') || text.IndexOf("%3D"u8) >= 0 || text.IndexOf("%3d"u8) >= 0;

    /// <summary>The next place where a slash, the end of a path or an encoded character stands, or -1.</summary>
    private static int Next(ReadOnlySpan<byte> text, int i)
    {
        int next = text[(i + 1)..].IndexOfAny(Marks);
        return next < 0 ? -1 : i + 1 + next;
    }

    /// <summary>The character at a place, also when it is still encoded as <c>%2F</c>, <c>%3F</c> or <c>%23</c>.</summary>
    private static byte At(ReadOnlySpan<byte> text, int i)
    {
        if (text[i] != '%' || i + 2 >= text.Length)
        {
            return text[i];
        }

        ReadOnlySpan<byte> digits = text.Slice(i + 1, 2);
        return Ascii.EqualsIgnoreCase(digits, "2F"u8) ? (byte)'/' : Ascii.EqualsIgnoreCase(digits, "3F"u8) ? (byte)'?' : digits.SequenceEqual("23"u8) ? (byte)'#' : (byte)'%';
    }
}
