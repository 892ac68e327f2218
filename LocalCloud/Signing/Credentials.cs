using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace LocalCloud.Signing;

/// <summary>A pair of keys and whom it stands for.</summary>
/// <param name="AccessKey">The access key id.</param>
/// <param name="SecretKey">The secret access key.</param>
/// <param name="SessionToken">What must come along, for keys that do not last.</param>
/// <param name="Expiration">When they stop working; null for keys that last.</param>
/// <param name="Arn">The ARN of the caller they belong to.</param>
/// <param name="UserId">The unique id of that caller.</param>
internal sealed record Credentials(string AccessKey, string SecretKey, string? SessionToken, DateTimeOffset? Expiration, string Arn, string UserId)
{
    /// <summary>The account of the caller: that of the role, for a session.</summary>
    public string Account => Arn.Split(':')[4];
}

/// <summary>
/// The keys LocalCloud knows: the configured pair, and those that AssumeRole gave out.
/// </summary>
/// <remarks>
/// A session token carries its own facts under a keyed hash, and a session's keys are derived from it: nothing is stored,
/// and a token is good after a restart, as long as the configured secret stays the same.
/// </remarks>
internal sealed class CredentialStore(IOptions<LocalCloudOptions> options)
{
    private const string TokenPrefix = "LocalCloud.";

    private readonly LocalCloudOptions _options = options.Value;
    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes("LocalCloud session " + options.Value.SecretKey));

    /// <summary>The secret that a request with this key and token must have been signed with; null when the key is unknown.</summary>
    public Credentials? Find(string accessKey, string? sessionToken)
    {
        if (accessKey == _options.AccessKey)
        {
            var root = $"arn:aws:iam::{_options.AccountId}:root";
            return new Credentials(accessKey, _options.SecretKey ?? "", NullIfEmpty(_options.SessionToken), null, root, _options.AccountId);
        }

        return sessionToken is null ? null : Session(accessKey, sessionToken);
    }

    /// <summary>Gives out keys for a role.</summary>
    public Credentials Assume(string roleArn, string sessionName, DateTimeOffset expiration)
    {
        var facts = new SessionFacts(roleArn, sessionName, expiration.ToUnixTimeSeconds(), Convert.ToHexString(RandomNumberGenerator.GetBytes(8)));
        var payload = JsonSerializer.SerializeToUtf8Bytes(facts);
        return Derive(facts, $"{TokenPrefix}{Convert.ToBase64String(payload)}.{Convert.ToBase64String(HMACSHA256.HashData(_key, payload))}");
    }

    private Credentials? Session(string accessKey, string token)
    {
        var parts = token.Split('.');
        if (!token.StartsWith(TokenPrefix, StringComparison.Ordinal) || parts.Length != 3)
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var payload = new byte[parts[1].Length];
        if (!Convert.TryFromBase64String(parts[1], payload, out var length)
            || !Convert.TryFromBase64String(parts[2], hash, out var hashLength)
            || !CryptographicOperations.FixedTimeEquals(hash[..hashLength], HMACSHA256.HashData(_key, payload.AsSpan(0, length))))
        {
            return null;
        }

        var session = Derive(JsonSerializer.Deserialize<SessionFacts>(payload.AsSpan(0, length))!, token);
        return session.AccessKey == accessKey ? session : null;
    }

    private Credentials Derive(SessionFacts facts, string token)
    {
        var seed = HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(token));
        var arn = facts.RoleArn.Split(':');
        var role = facts.RoleArn[(facts.RoleArn.LastIndexOf('/') + 1)..];
        var roleId = "AROA" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(facts.RoleArn)))[..16];
        return new Credentials(
            "ASIA" + Convert.ToHexString(seed)[..16],
            Convert.ToBase64String(HMACSHA256.HashData(seed, "secret"u8)[..30]),
            token,
            DateTimeOffset.FromUnixTimeSeconds(facts.Expiration),
            $"arn:{arn[1]}:sts::{arn[4]}:assumed-role/{role}/{facts.SessionName}",
            $"{roleId}:{facts.SessionName}");
    }

    private static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private sealed record SessionFacts(string RoleArn, string SessionName, long Expiration, string Nonce);
}
