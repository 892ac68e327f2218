using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace Beacon.Api.Privacy;

/// <summary>
/// What the Lambda Web Adapter passes on of an invocation
/// (https://aws.github.io/aws-lambda-web-adapter/features/request-context.html): JSON as API Gateway and function URLs have
/// it, the address in <c>http.sourceIp</c> (payload format 2.0) or <c>identity.sourceIp</c> (1.0).
/// </summary>
internal static class RequestContext
{
    public const string Header = "x-amzn-request-context";

    /// <summary>The visitor's address; null when it does not say.</summary>
    public static IPAddress? SourceIp(IHeaderDictionary headers)
    {
        StringValues context = headers[Header];
        if (context.Count != 1)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(Encoding.Latin1.GetBytes(context[0]!));
            return json.RootElement.ValueKind == JsonValueKind.Object ? In(json.RootElement, "http") ?? In(json.RootElement, "identity") : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IPAddress? In(JsonElement context, string part) =>
        context.TryGetProperty(part, out JsonElement inside) && inside.ValueKind == JsonValueKind.Object
        && inside.TryGetProperty("sourceIp", out JsonElement ip) && ip.ValueKind == JsonValueKind.String
        && IPAddress.TryParse(ip.GetString(), out IPAddress? address)
            ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address
            : null;
}
