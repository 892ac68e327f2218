using System.Buffers.Text;
using System.Text.Json;
using LocalCloud.Protocol;

namespace LocalCloud.Sts;

/// <summary>
/// A token of OpenID Connect, as Kubernetes writes it for a pod (a JWT: https://www.rfc-editor.org/rfc/rfc7519). Who signed it is
/// not looked at: there are no identity providers here. What it says is, and until when.
/// </summary>
/// <param name="Subject">For whom it is, such as <c>system:serviceaccount:default:beacon</c>.</param>
/// <param name="Audience">To whom it is shown: <c>sts.amazonaws.com</c>.</param>
/// <param name="Issuer">Who wrote it.</param>
internal sealed record WebIdentityToken(string Subject, string Audience, string Issuer)
{
    /// <exception cref="AwsException">It is none, or has expired.</exception>
    public static WebIdentityToken Read(string token, DateTimeOffset now)
    {
        try
        {
            var parts = token.Split('.');
            if (parts.Length == 3)
            {
                using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
                var expires = claims.RootElement.GetProperty("exp").GetInt64();
                if (expires <= now.ToUnixTimeSeconds())
                {
                    throw new AwsException(
                        "ExpiredTokenException", $"Token expired: current date/time {now.ToUnixTimeSeconds()} must be before the expiration date/time{expires}");
                }

                var audience = claims.RootElement.GetProperty("aud");
                return new WebIdentityToken(
                    Text(claims.RootElement.GetProperty("sub")),
                    Text(audience.ValueKind == JsonValueKind.Array ? audience[0] : audience),
                    Text(claims.RootElement.GetProperty("iss")));
            }
        }
        catch (Exception error) when (error is FormatException or JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            // Whatever it is, it is no such token.
        }

        throw new AwsException("InvalidIdentityToken", "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");

        static string Text(JsonElement claim) => claim.GetString() ?? throw new FormatException();
    }
}
