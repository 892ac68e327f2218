namespace LocalCloud.S3.Payload;

/// <summary>How an algorithm is spelled where.</summary>
internal static class ChecksumNames
{
    public const string HeaderPrefix = "x-amz-checksum-";

    private static readonly Dictionary<string, ChecksumAlgorithm> ByName =
        Enum.GetValues<ChecksumAlgorithm>().ToDictionary(a => a.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>In headers: <c>x-amz-checksum-crc32c</c>.</summary>
    public static string Header(this ChecksumAlgorithm algorithm) => HeaderPrefix + algorithm.ToString().ToLowerInvariant();

    /// <summary>As a value: <c>CRC32C</c>.</summary>
    public static string Name(this ChecksumAlgorithm algorithm) => algorithm.ToString().ToUpperInvariant();

    /// <summary>As an XML element: <c>ChecksumCRC32C</c>.</summary>
    public static string Element(this ChecksumAlgorithm algorithm) => "Checksum" + algorithm.Name();

    /// <summary>The length of the value in bytes.</summary>
    public static int Length(this ChecksumAlgorithm algorithm) => algorithm switch
    {
        ChecksumAlgorithm.Crc32 or ChecksumAlgorithm.Crc32C => 4,
        ChecksumAlgorithm.Crc64Nvme => 8,
        ChecksumAlgorithm.Sha1 => 20,
        _ => 32,
    };

    /// <summary>Whether a base64 text can be a value of this algorithm.</summary>
    public static bool Allows(this ChecksumAlgorithm algorithm, string value)
    {
        Span<byte> bytes = stackalloc byte[64];
        return Convert.TryFromBase64String(value, bytes, out var length) && length == algorithm.Length();
    }

    /// <summary>Reads <c>CRC32C</c>; null when there is no such algorithm.</summary>
    public static ChecksumAlgorithm? Parse(string name) => ByName.TryGetValue(name, out var algorithm) ? algorithm : null;

    /// <summary>Reads <c>x-amz-checksum-crc32c</c>; null when it is another header.</summary>
    public static ChecksumAlgorithm? ParseHeader(string name) =>
        name.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase) ? Parse(name[HeaderPrefix.Length..]) : null;

    /// <summary><c>FULL_OBJECT</c> or <c>COMPOSITE</c>.</summary>
    public static string TypeName(this ObjectChecksum checksum) => checksum.FullObject ? "FULL_OBJECT" : "COMPOSITE";
}
