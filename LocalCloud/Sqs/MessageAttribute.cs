using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using LocalCloud.Protocol;

namespace LocalCloud.Sqs;

/// <summary>A value that travels beside a message's body.</summary>
/// <param name="DataType"><c>String</c>, <c>Number</c> or <c>Binary</c>, perhaps with a label of the sender's: <c>Number.int</c>.</param>
/// <param name="StringValue">The value of a string or a number.</param>
/// <param name="BinaryValue">The value of a binary.</param>
/// <param name="StringListValues">Not implemented by AWS either.</param>
/// <param name="BinaryListValues">Not implemented by AWS either.</param>
internal sealed record MessageAttribute(
    string? DataType,
    string? StringValue = null,
    byte[]? BinaryValue = null,
    IReadOnlyList<string>? StringListValues = null,
    IReadOnlyList<byte[]>? BinaryListValues = null)
{
    public bool IsBinary => DataType!.StartsWith("Binary", StringComparison.Ordinal);

    private byte[] Value => IsBinary ? BinaryValue! : Encoding.UTF8.GetBytes(StringValue!);

    /// <summary>What the attribute adds to the size of its message, whether or not it is valid: name, type and value.</summary>
    public long SizeUnder(string name) =>
        (long)Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(DataType ?? "") + Encoding.UTF8.GetByteCount(StringValue ?? "") + (BinaryValue?.Length ?? 0);

    /// <summary>
    /// The checksum that the SDKs verify: by name, each of name, type and value behind its length, the value behind a 1 or,
    /// if it is binary, a 2 (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation).
    /// Null when there are none.
    /// </summary>
    public static string? Md5(IReadOnlyDictionary<string, MessageAttribute>? attributes)
    {
        if (attributes is null or { Count: 0 })
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        foreach (var (name, attribute) in attributes.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Append(hash, Encoding.UTF8.GetBytes(name));
            Append(hash, Encoding.UTF8.GetBytes(attribute.DataType!));
            hash.AppendData([attribute.IsBinary ? (byte)2 : (byte)1]);
            Append(hash, attribute.Value);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, byte[] bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}

/// <summary>What SQS takes as attributes of a message.</summary>
internal static partial class MessageAttributeRules
{
    private const int MostAttributes = 10;

    private static readonly string[] ReservedPrefixes = ["AWS.", "Amazon."];

    /// <summary>Checks the attributes that a sender gave.</summary>
    /// <exception cref="AwsException"><c>InvalidParameterValue</c>, <c>UnsupportedOperation</c>.</exception>
    public static void Check(IReadOnlyDictionary<string, MessageAttribute>? attributes)
    {
        if (attributes is null)
        {
            return;
        }

        if (attributes.Count > MostAttributes)
        {
            throw SqsErrors.InvalidParameter($"Number of message attributes [{attributes.Count}] exceeds the allowed maximum [{MostAttributes}].");
        }

        foreach (var (name, attribute) in attributes)
        {
            CheckName(name);
            CheckValue(name, attribute);
        }
    }

    /// <summary>Checks what a sender gave for SQS itself: <c>AWSTraceHeader</c> is all there is.</summary>
    /// <exception cref="AwsException"><c>InvalidParameterValue</c>.</exception>
    public static void CheckSystem(IReadOnlyDictionary<string, MessageAttribute>? attributes)
    {
        foreach (var (name, attribute) in attributes ?? new Dictionary<string, MessageAttribute>())
        {
            if (name != "AWSTraceHeader")
            {
                throw SqsErrors.InvalidParameter($"Message system attribute name '{name}' is invalid.");
            }

            if (attribute is not { DataType: "String", StringValue.Length: > 0 })
            {
                throw SqsErrors.InvalidParameter($"The message system attribute '{name}' must be a non-empty value of type 'String'.");
            }
        }
    }

    /// <summary>
    /// Those attributes that a receiver asked for: by name, by <c>prefix.*</c>, or all with <c>All</c> or <c>.*</c>.
    /// The prefix is what stands before the dot, and needs none after it.
    /// </summary>
    public static Dictionary<string, MessageAttribute>? Select(IReadOnlyDictionary<string, MessageAttribute>? attributes, IReadOnlyList<string>? asked)
    {
        var selected = (attributes ?? new Dictionary<string, MessageAttribute>())
            .Where(entry => asked?.Any(pattern => pattern is "All" || pattern == entry.Key
                || (pattern.EndsWith(".*", StringComparison.Ordinal) && entry.Key.StartsWith(pattern[..^2], StringComparison.Ordinal))) == true)
            .ToDictionary();
        return selected.Count == 0 ? null : selected;
    }

    private static void CheckName(string name)
    {
        if (name.Length > 256)
        {
            throw SqsErrors.InvalidParameter("Message (user) attribute name must be shorter than 256 bytes.");
        }

        if (!NamePattern().IsMatch(name) || ReservedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        {
            throw SqsErrors.InvalidParameter($"The message attribute name '{name}' is invalid: it has letters, digits, _, - and single dots inside, and does not begin with AWS. or Amazon.");
        }
    }

    private static void CheckValue(string name, MessageAttribute? attribute)
    {
        if (string.IsNullOrEmpty(attribute?.DataType))
        {
            throw SqsErrors.InvalidParameter($"The message attribute '{name}' must contain a non-empty message attribute type.");
        }

        if (attribute.StringListValues is { Count: > 0 } || attribute.BinaryListValues is { Count: > 0 })
        {
            throw SqsErrors.UnsupportedOperation("Message attribute list values in SendMessage operation are not supported.");
        }

        var kind = attribute.DataType.Split('.')[0];
        if (kind is not ("String" or "Number" or "Binary") || attribute.DataType.Length > 256)
        {
            throw SqsErrors.InvalidParameter(
                $"The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.");
        }

        if (kind == "Binary" ? attribute.BinaryValue is null or { Length: 0 } : string.IsNullOrEmpty(attribute.StringValue))
        {
            throw SqsErrors.InvalidParameter($"The message attribute '{name}' must contain a non-empty message attribute value for message attribute type '{kind}'.");
        }

        if (kind != "Binary" && !MessageText.IsValid(attribute.StringValue!))
        {
            throw SqsErrors.InvalidMessageContents();
        }

        if (kind == "Number" && !NumberPattern().IsMatch(attribute.StringValue!))
        {
            throw SqsErrors.InvalidParameter($"Can't cast the value of message (user) attribute '{name}' to a number.");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\s*\z")]
    private static partial Regex NumberPattern();
}
