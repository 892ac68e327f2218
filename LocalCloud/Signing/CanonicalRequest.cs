using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace LocalCloud.Signing;

/// <summary>
/// The text a signature is made of
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html), rebuilt from a request.
/// </summary>
internal static class CanonicalRequest
{
    public static string Build(HttpRequest request, RequestSignature signature, string payloadHash)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? target : target[..question];
        var query = question < 0 ? "" : target[(question + 1)..];

        var text = new StringBuilder();
        text.Append(request.Method).Append('\n');
        // S3 signs the path as it is, encoded once; the others' path is always "/" here, where there is nothing to normalize.
        text.Append(Encode(Decode(path, plusIsSpace: false), keepSlash: true)).Append('\n');
        text.Append(Query(query)).Append('\n');
        foreach (var name in signature.SignedHeaders)
        {
            text.Append(name).Append(':').Append(Header(request, name)).Append('\n');
        }

        text.Append('\n').AppendJoin(';', signature.SignedHeaders).Append('\n').Append(payloadHash);
        return text.ToString();
    }

    private static string Query(string query)
    {
        var parameters = query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => (Name: Recode(pair[0]), Value: pair.Length > 1 ? Recode(pair[1]) : ""))
            .Where(pair => pair.Name != "X-Amz-Signature")
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Value, StringComparer.Ordinal);
        return string.Join('&', parameters.Select(pair => $"{pair.Name}={pair.Value}"));
    }

    private static string Header(HttpRequest request, string name)
    {
        // Kestrel keeps Host apart from what was sent only in form; everything else is as it came.
        var values = name == "host" ? request.Host.Value : string.Join(',', request.Headers[name].Select(v => v?.Trim()));
        return string.Join(' ', (values ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Recode(string escaped) => Encode(Decode(escaped, plusIsSpace: true), keepSlash: false);

    /// <summary>The bytes behind percent escapes; a percent sign that escapes nothing stands for itself.</summary>
    internal static byte[] Decode(string escaped, bool plusIsSpace)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(escaped)];
        var length = 0;
        for (var i = 0; i < escaped.Length; i++)
        {
            var c = escaped[i];
            if (c == '%' && i + 2 < escaped.Length && char.IsAsciiHexDigit(escaped[i + 1]) && char.IsAsciiHexDigit(escaped[i + 2]))
            {
                bytes[length++] = Convert.ToByte(escaped.Substring(i + 1, 2), 16);
                i += 2;
            }
            else if (c == '+' && plusIsSpace)
            {
                bytes[length++] = (byte)' ';
            }
            else
            {
                length += Encoding.UTF8.GetBytes(escaped.AsSpan(i, char.IsHighSurrogate(c) && i + 1 < escaped.Length ? 2 : 1), bytes.AsSpan(length));
                i += char.IsHighSurrogate(c) && i + 1 < escaped.Length ? 1 : 0;
            }
        }

        return bytes[..length];
    }

    /// <summary>AWS's URI encoding: everything but letters, digits and <c>-._~</c>, in upper-case hex.</summary>
    internal static string Encode(ReadOnlySpan<byte> bytes, bool keepSlash)
    {
        var text = new StringBuilder(bytes.Length + 16);
        foreach (var b in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~' || (keepSlash && b == '/'))
            {
                text.Append((char)b);
            }
            else
            {
                text.Append('%').Append(b.ToString("X2"));
            }
        }

        return text.ToString();
    }
}
