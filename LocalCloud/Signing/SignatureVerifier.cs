using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace LocalCloud.Signing;

/// <summary>Checks signatures when <see cref="LocalCloudOptions.Verify"/> is set; lets everything through when it is not.</summary>
internal sealed class SignatureVerifier(IOptions<LocalCloudOptions> options, CredentialStore credentials, TimeProvider time)
{
    /// <summary>How far the client's clock may be off.</summary>
    private static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(15);

    /// <summary>Whether signatures are checked.</summary>
    public bool IsOn => options.Value.Verify;

    /// <summary>Checks a request whose whole body is known.</summary>
    /// <exception cref="Protocol.AwsException">One of <paramref name="errors"/>.</exception>
    public void Verify(HttpRequest request, RequestSignature? signature, ReadOnlySpan<byte> body, SignatureErrors errors)
    {
        if (IsOn)
        {
            Verify(request, signature, Convert.ToHexStringLower(SHA256.HashData(body)), errors);
        }
    }

    /// <summary>Checks a request by the hash of its body, or the name that stands for one; answers the key that streamed chunks are checked with.</summary>
    /// <exception cref="Protocol.AwsException">One of <paramref name="errors"/>.</exception>
    public SigningKey? Verify(HttpRequest request, RequestSignature? signature, string payloadHash, SignatureErrors errors)
    {
        if (!IsOn)
        {
            return null;
        }

        if (signature is null)
        {
            throw request.Headers.Authorization.Count > 0 || request.Query.ContainsKey("X-Amz-Signature") ? errors.Malformed() : errors.Missing();
        }

        if (signature.Time is not { } signed || !signature.Timestamp.StartsWith(signature.Date, StringComparison.Ordinal))
        {
            throw errors.Malformed();
        }

        var known = credentials.Find(signature.AccessKey, signature.SessionToken) ?? throw (signature.SessionToken is null ? errors.UnknownKey(signature.AccessKey) : errors.InvalidToken());
        var now = time.GetUtcNow();
        if (known.SessionToken != signature.SessionToken)
        {
            throw errors.InvalidToken();
        }

        if (known.Expiration <= now)
        {
            throw errors.ExpiredToken();
        }

        if (signature.Expires is { } lifetime)
        {
            if (signed + lifetime < now)
            {
                throw errors.PresignedExpired(signature, now);
            }

            if (signed - AllowedSkew > now)
            {
                throw errors.Skewed(signature, now, AllowedSkew);
            }
        }
        else if ((signed - now).Duration() > AllowedSkew)
        {
            throw errors.Skewed(signature, now, AllowedSkew);
        }

        var key = new SigningKey(known.SecretKey, signature);
        var canonical = CanonicalRequest.Build(request, signature, payloadHash);
        var toSign = key.StringToSign(canonical);
        return IsSame(key.Sign(toSign), signature.Signature) ? key : throw errors.DoesNotMatch(signature, canonical, toSign);
    }

    internal static bool IsSame(string computed, string sent) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(computed), Encoding.ASCII.GetBytes(sent));
}
