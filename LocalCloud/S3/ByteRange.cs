using System.Globalization;

namespace LocalCloud.S3;

/// <summary>A part of a body.</summary>
/// <param name="Start">The first byte.</param>
/// <param name="Length">How many.</param>
internal readonly record struct ByteRange(long Start, long Length)
{
    /// <summary>
    /// Reads a <c>Range</c> header against a size. Null when there is none, or one that S3 ignores: another unit, more than one
    /// range, or nothing it can read.
    /// </summary>
    /// <exception cref="Protocol.AwsException"><c>InvalidRange</c>: nothing of it lies inside.</exception>
    public static ByteRange? Read(string? header, long size)
    {
        const string unit = "bytes=";
        if (header is null || !header.StartsWith(unit, StringComparison.OrdinalIgnoreCase) || header.Contains(',', StringComparison.Ordinal))
        {
            return null;
        }

        var dash = header.IndexOf('-', unit.Length);
        if (dash < 0)
        {
            return null;
        }

        var first = Number(header.AsSpan(unit.Length, dash - unit.Length), out var hasFirst);
        var last = Number(header.AsSpan(dash + 1), out var hasLast);
        if (first is null || last is null || (!hasFirst && !hasLast) || (hasFirst && hasLast && last < first))
        {
            return null;
        }

        if (!hasFirst) // the last so many bytes
        {
            var length = Math.Min(last.Value, size);
            return length > 0 ? new ByteRange(size - length, length) : throw S3Errors.InvalidRange(header, size);
        }

        if (first >= size)
        {
            throw S3Errors.InvalidRange(header, size);
        }

        var end = hasLast ? Math.Min(last.Value, size - 1) : size - 1;
        return new ByteRange(first.Value, end - first.Value + 1);
    }

    // Null when it is no number; zero when it is not there.
    private static long? Number(ReadOnlySpan<char> text, out bool isThere)
    {
        text = text.Trim();
        isThere = !text.IsEmpty;
        return !isThere ? 0 : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
