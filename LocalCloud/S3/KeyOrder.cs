using System.Text;

namespace LocalCloud.S3;

/// <summary>Keys in the order S3 lists them: that of their UTF-8 bytes.</summary>
internal static class KeyOrder
{
    /// <summary>The longest key, in bytes.</summary>
    public const int MaxLength = 1024;

    public static byte[] Bytes(string key) => Encoding.UTF8.GetBytes(key);

    public static string Text(byte[] key) => Encoding.UTF8.GetString(key);

    /// <summary>The least byte string that is greater than every one that starts with <paramref name="prefix"/>; null when there is none.</summary>
    public static byte[]? After(ReadOnlySpan<byte> prefix)
    {
        for (var length = prefix.Length; length > 0; length--)
        {
            if (prefix[length - 1] != 0xFF)
            {
                var end = prefix[..length].ToArray();
                end[^1]++;
                return end;
            }
        }

        return null;
    }
}
