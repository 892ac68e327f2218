using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Beacon.Api.Privacy;

/// <summary>
/// What only CloudFront sends. It overwrites what a viewer sends under the same name, so a request that has it came through
/// CloudFront, and CloudFront's own headers in it are true.
/// </summary>
internal sealed class OriginSecret(IOptions<ProxyOptions> options)
{
    public const string Header = "x-pixel-origin-secret";

    private readonly byte[]? _secret = options.Value is { AddressFrom: AddressSource.CloudFront, OriginSecret: { Length: > 0 } secret } ? Encoding.Latin1.GetBytes(secret) : null;

    /// <summary>Whether requests must have it.</summary>
    public bool IsAsked => _secret is not null;

    /// <summary>Whether a request may come in: it has the secret, or none is asked for.</summary>
    public bool Admits(IHeaderDictionary headers) => _secret is null || IsIn(headers);

    /// <summary>Whether a request has it. Takes as long for a wrong one as for the right one.</summary>
    public bool IsIn(IHeaderDictionary headers)
    {
        StringValues sent = headers[Header];
        return _secret is not null && sent.Count == 1 && CryptographicOperations.FixedTimeEquals(Encoding.Latin1.GetBytes(sent[0]!), _secret);
    }
}

internal static class OriginSecretMiddleware
{
    /// <summary>
    /// Refuses what did not come through CloudFront, but for the probes, which come from the machine itself. The pixel's
    /// own way, which goes past this, counts what it refuses.
    /// </summary>
    public static void UseOriginSecret(this WebApplication app) => app.Use(static (context, next) =>
    {
        if (context.RequestServices.GetRequiredService<OriginSecret>().Admits(context.Request.Headers)
            || (context.Connection.RemoteIpAddress is { } address && System.Net.IPAddress.IsLoopback(address) && IsProbe(context)))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    });

    // The adapter asks by itself; what it passes on of somebody else has a request context.
    private static bool IsProbe(HttpContext context) =>
        (context.Request.Path == "/health" || context.Request.Path == "/ready") && !context.Request.Headers.ContainsKey(RequestContext.Header);
}
