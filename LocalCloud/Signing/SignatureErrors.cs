using System.Globalization;
using LocalCloud.Protocol;

namespace LocalCloud.Signing;

/// <summary>
/// What is wrong with a signature, in the words of a protocol: S3 answers 403 with codes of its own, the JSON services 400
/// with exceptions, the query protocol 403 with STS's codes.
/// </summary>
internal abstract class SignatureErrors
{
    public static SignatureErrors S3 { get; } = new S3Errors();

    public static SignatureErrors Json { get; } = new JsonErrors();

    public static SignatureErrors Query { get; } = new QueryErrors();

    public abstract AwsException Missing();

    public abstract AwsException Malformed();

    public abstract AwsException UnknownKey(string accessKey);

    public abstract AwsException InvalidToken();

    public abstract AwsException ExpiredToken();

    public abstract AwsException Skewed(RequestSignature signature, DateTimeOffset now, TimeSpan allowed);

    public abstract AwsException DoesNotMatch(RequestSignature signature, string canonicalRequest, string stringToSign);

    public virtual AwsException PresignedExpired(RequestSignature signature, DateTimeOffset now) => Skewed(signature, now, TimeSpan.Zero);

    private static string Expired(RequestSignature signature, DateTimeOffset now, TimeSpan allowed)
    {
        var limit = signature.Time < now ? now - allowed : now + allowed;
        var words = signature.Time < now ? "Signature expired: {0} is now earlier than {1} ({2} - 15 min.)" : "Signature not yet current: {0} is still later than {1} ({2} + 15 min.)";
        return string.Format(CultureInfo.InvariantCulture, words, signature.Timestamp, Stamp(limit), Stamp(now));
    }

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString(RequestSignature.TimestampFormat, CultureInfo.InvariantCulture);

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private const string NotMatching =
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

    private sealed class S3Errors : SignatureErrors
    {
        public override AwsException Missing() => new("AccessDenied", "Access Denied", 403);

        public override AwsException Malformed() => new("AuthorizationHeaderMalformed", "The authorization header that you provided is not valid.");

        public override AwsException UnknownKey(string accessKey) =>
            new("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403) { Details = [new("AWSAccessKeyId", accessKey)] };

        public override AwsException InvalidToken() => new("InvalidToken", "The provided token is malformed or otherwise invalid.");

        public override AwsException ExpiredToken() => new("ExpiredToken", "The provided token has expired.");

        public override AwsException Skewed(RequestSignature signature, DateTimeOffset now, TimeSpan allowed) =>
            new("RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", 403)
            {
                Details =
                [
                    new("RequestTime", signature.Timestamp), new("ServerTime", Iso(now)),
                    new("MaxAllowedSkewMilliseconds", allowed.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)),
                ],
            };

        public override AwsException PresignedExpired(RequestSignature signature, DateTimeOffset now) => new("AccessDenied", "Request has expired", 403)
        {
            Details =
            [
                new("X-Amz-Expires", signature.Expires!.Value.TotalSeconds.ToString(CultureInfo.InvariantCulture)),
                new("Expires", Iso(signature.Time!.Value + signature.Expires.Value)), new("ServerTime", Iso(now)),
            ],
        };

        public override AwsException DoesNotMatch(RequestSignature signature, string canonicalRequest, string stringToSign) =>
            new("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.", 403)
            {
                Details =
                [
                    new("AWSAccessKeyId", signature.AccessKey), new("StringToSign", stringToSign),
                    new("SignatureProvided", signature.Signature), new("CanonicalRequest", canonicalRequest),
                ],
            };
    }

    private sealed class JsonErrors : SignatureErrors
    {
        public override AwsException Missing() => new("MissingAuthenticationTokenException", "Missing Authentication Token");

        public override AwsException Malformed() => new("IncompleteSignatureException", "Authorization header is not valid.");

        public override AwsException UnknownKey(string accessKey) => InvalidToken();

        public override AwsException InvalidToken() => new("UnrecognizedClientException", "The security token included in the request is invalid.");

        public override AwsException ExpiredToken() => new("ExpiredTokenException", "The security token included in the request is expired");

        public override AwsException Skewed(RequestSignature signature, DateTimeOffset now, TimeSpan allowed) =>
            new("InvalidSignatureException", Expired(signature, now, allowed));

        public override AwsException DoesNotMatch(RequestSignature signature, string canonicalRequest, string stringToSign) =>
            new("InvalidSignatureException", NotMatching);
    }

    private sealed class QueryErrors : SignatureErrors
    {
        public override AwsException Missing() => new("MissingAuthenticationToken", "Request is missing Authentication Token", 403);

        public override AwsException Malformed() => new("IncompleteSignature", "Authorization header is not valid.");

        public override AwsException UnknownKey(string accessKey) => InvalidToken();

        public override AwsException InvalidToken() => new("InvalidClientTokenId", "The security token included in the request is invalid.", 403);

        public override AwsException ExpiredToken() => new("ExpiredToken", "The security token included in the request is expired", 403);

        public override AwsException Skewed(RequestSignature signature, DateTimeOffset now, TimeSpan allowed) =>
            new("SignatureDoesNotMatch", Expired(signature, now, allowed), 403);

        public override AwsException DoesNotMatch(RequestSignature signature, string canonicalRequest, string stringToSign) =>
            new("SignatureDoesNotMatch", NotMatching, 403);
    }
}
