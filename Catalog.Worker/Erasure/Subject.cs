using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amazon.Glue.Model;

namespace Catalog.Worker.Erasure;

/// <summary>
/// Whose events are to go, without saying who: a column and the HMAC-SHA256 (RFC 2104) of its value, with a key that is one
/// erasure's own. Nothing that is kept or that Athena remembers of its statements names the person.
/// </summary>
/// <param name="Column">The column: <c>user_id</c>, <c>visitor_id</c> or <c>third_party</c>.</param>
/// <param name="Hash">The HMAC of the value's UTF-8, in lower-case hex.</param>
/// <param name="Key">The key, 32 bytes in base64.</param>
internal sealed record Subject(string Column, string Hash, string Key)
{
    // The block size of SHA-256, which HMAC fills its key up to.
    private const int BlockSize = 64;

    /// <summary>The columns that an erasure can be asked by.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["user_id", "visitor_id", "third_party"];

    /// <summary>Makes a subject of a value, with a new key.</summary>
    public static Subject Of(string column, string value)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        return new(column, HashOf(value, key), Convert.ToBase64String(key));
    }

    /// <summary>The condition that holds of the subject's events, in SQL; never null.</summary>
    /// <remarks>HMAC by its definition, with the two padded keys worked out here: Athena and others have SHA-256 in common.</remarks>
    public string Condition(Table table)
    {
        if (!table.StorageDescriptor.Columns.Any(c => c.Name == Column))
        {
            return "false";
        }

        var key = new byte[BlockSize];
        Convert.FromBase64String(Key).CopyTo(key, 0);
        var inner = Convert.ToHexString(key.Select(b => (byte)(b ^ 0x36)).ToArray());
        var outer = Convert.ToHexString(key.Select(b => (byte)(b ^ 0x5c)).ToArray());
        return $"coalesce(lower(to_hex(sha256(from_hex('{outer}') || sha256(from_hex('{inner}') || to_utf8({Column}))))) = '{Hash}', false)";
    }

    /// <summary>Whether an event, as a line of JSON, is the subject's; null when the line cannot be read.</summary>
    public bool? Is(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind != JsonValueKind.Object
                ? null
                : document.RootElement.EnumerateObject().Any(a =>
                    a.Name.Equals(Column, StringComparison.OrdinalIgnoreCase) && a.Value.ValueKind == JsonValueKind.String && IsValue(a.Value.GetString()!));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private bool IsValue(string value) => HashOf(value, Convert.FromBase64String(Key)) == Hash;

    private static string HashOf(string value, byte[] key) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(value)));
}
