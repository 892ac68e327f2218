using System.Security.Cryptography;
using System.Text;

namespace LocalCloud.Signing;

/// <summary>The key of a day, a region and a service, and what is signed with it.</summary>
internal sealed class SigningKey
{
    /// <summary>The hash of nothing.</summary>
    public const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private readonly byte[] _key;
    private readonly RequestSignature _signature;

    public SigningKey(string secret, RequestSignature signature)
    {
        _signature = signature;
        var day = Hmac(Encoding.UTF8.GetBytes("AWS4" + secret), signature.Date);
        _key = Hmac(Hmac(Hmac(day, signature.Region), signature.Service), "aws4_request");
    }

    public string Sign(string stringToSign) => Convert.ToHexStringLower(Hmac(_key, stringToSign));

    public string StringToSign(string canonicalRequest) =>
        $"{RequestSignature.Algorithm}\n{_signature.Timestamp}\n{_signature.Scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalRequest)))}";

    /// <summary>The signature of a chunk of a streamed body (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html).</summary>
    public string SignChunk(string previous, string chunkHash) =>
        Sign($"{RequestSignature.Algorithm}-PAYLOAD\n{_signature.Timestamp}\n{_signature.Scope}\n{previous}\n{EmptyHash}\n{chunkHash}");

    /// <summary>The signature of the trailers after the last chunk (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html).</summary>
    public string SignTrailer(string previous, string trailerHash) =>
        Sign($"{RequestSignature.Algorithm}-TRAILER\n{_signature.Timestamp}\n{_signature.Scope}\n{previous}\n{trailerHash}");

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
