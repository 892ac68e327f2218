using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace LocalCloud.Templates;

/// <summary>Which stack, in which account and region: what the pseudo parameters answer, and what names are made of.</summary>
/// <remarks>
/// CloudFormation draws the suffix of a name at random, once. Here it is computed from the stack and the logical id,
/// so that it is the same after every restart, and even after the data folder is deleted.
/// </remarks>
internal sealed partial record StackIdentity(string StackName, string Region, string AccountId)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public string Partition { get; } =
        Region.StartsWith("cn-", StringComparison.Ordinal) ? "aws-cn"
        : Region.StartsWith("us-gov-", StringComparison.Ordinal) ? "aws-us-gov"
        : "aws";

    public string UrlSuffix => Partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";

    /// <summary>Whether a text can be the name of a stack.</summary>
    public static bool IsName(string text) => StackNamePattern().IsMatch(text);

    public string StackId => Arn("cloudformation", $"stack/{StackName}/{GuidFor("stack")}");

    /// <summary>An ARN in this account and region.</summary>
    public string Arn(string service, string resource) => $"arn:{Partition}:{service}:{Region}:{AccountId}:{resource}";

    /// <summary>An ARN in this account, of a service that is one for all regions.</summary>
    public string GlobalArn(string service, string resource) => $"arn:{Partition}:{service}::{AccountId}:{resource}";

    /// <summary>The name that CloudFormation would make up: <c>PixelLake-EventStream-4X7…</c>, cut to a length.</summary>
    public string NameFor(string logicalId, int longest = 64)
    {
        var suffix = SuffixFor(logicalId);
        var stem = $"{StackName}-{logicalId}";
        return $"{stem[..Math.Min(stem.Length, longest - suffix.Length - 1)]}-{suffix}";
    }

    /// <summary>Letters and digits that belong to a logical id.</summary>
    public string SuffixFor(string logicalId, int length = 12) =>
        string.Concat(Digest(logicalId).Take(length).Select(b => Alphabet[b % Alphabet.Length]));

    /// <summary>Hexadecimal digits that belong to a logical id, such as those of <c>vpc-0a1b…</c>.</summary>
    public string HexFor(string logicalId, int length) => Convert.ToHexStringLower(Digest(logicalId))[..length];

    /// <summary>A UUID that belongs to a logical id.</summary>
    public Guid GuidFor(string logicalId) => new(Digest(logicalId)[..16]);

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9-]{0,127}\z")]
    private static partial Regex StackNamePattern();

    private byte[] Digest(string of) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{AccountId}/{Region}/{StackName}/{of}"));
}
