using System.Net;
using Microsoft.Extensions.Options;

namespace Beacon.Api.Privacy;

/// <summary>Settings of the proxies in front of the beacon.</summary>
public sealed class ProxyOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Proxy";

    /// <summary>
    /// Addresses and networks (<c>10.0.0.0/8</c>) whose <c>X-Forwarded-For</c> is believed. None by default: the visitor
    /// is then whoever connects, and the header means nothing. An entry may hold several, separated by commas, or nothing:
    /// so one variable is enough.
    /// </summary>
    public string[] Known { get; set; } = [];

    /// <summary>Each address or network of <see cref="Known"/>, with the place of its entry.</summary>
    internal IEnumerable<(int Index, string Text)> KnownOnes => Known.Index()
        .SelectMany(entry => entry.Item.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(one => (entry.Index, one)));

    /// <summary>
    /// Where the visitor's address stands. Default <see cref="AddressSource.Connection"/>. Anything else is for the one
    /// way of receiving that it names, and lets visitors choose their address anywhere else.
    /// </summary>
    public AddressSource AddressFrom { get; set; } = AddressSource.Connection;

    /// <summary>
    /// What CloudFront sends in <c>x-pixel-origin-secret</c>, and nobody else knows; 32 characters or more. Requests without it
    /// are refused. With <see cref="AddressSource.CloudFront"/>, and only then.
    /// </summary>
    public string? OriginSecret { get; set; }

    /// <summary>Reads one of <see cref="KnownOnes"/>.</summary>
    internal static bool TryParse(string? text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out IPAddress? address))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }
}

/// <summary>Where the visitor's address stands.</summary>
public enum AddressSource
{
    /// <summary>In the connection, or in the <c>X-Forwarded-For</c> of <see cref="ProxyOptions.Known"/> proxies.</summary>
    Connection,

    /// <summary>
    /// In <c>x-amzn-request-context</c>, in which the Lambda Web Adapter passes on what API Gateway, or the function's URL,
    /// saw; it replaces what a visitor sends under that name. Believed from the machine itself only, where the adapter runs. Where
    /// it is one of <see cref="ProxyOptions.Known"/> proxies, in the <c>X-Forwarded-For</c> of these.
    /// </summary>
    RequestContext,

    /// <summary>In CloudFront's <c>CloudFront-Viewer-Address</c>, beside the secret.</summary>
    CloudFront,
}

/// <summary>Checks the settings at the start.</summary>
internal sealed class ProxyOptionsValidator : IValidateOptions<ProxyOptions>
{
    private const int ShortestSecret = 32;

    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        string[] problems =
        [
            .. options.KnownOnes.Where(k => !ProxyOptions.TryParse(k.Text, out _))
                .Select(k => $"Proxy:Known:{k.Index} must be an address or a network such as 10.0.0.0/8, not '{k.Text}'."),
            .. Enum.IsDefined(options.AddressFrom) ? Array.Empty<string>() : ["Proxy:AddressFrom must be connection, requestcontext or cloudfront."],
            .. options.AddressFrom == AddressSource.CloudFront && options.OriginSecret is not { Length: >= ShortestSecret }
                ? [$"Proxy:OriginSecret must have {ShortestSecret} characters or more when Proxy:AddressFrom is cloudfront: without it anybody could claim any address."]
                : Array.Empty<string>(),
            .. options.AddressFrom != AddressSource.CloudFront && !string.IsNullOrEmpty(options.OriginSecret)
                ? ["Proxy:OriginSecret is asked for only when Proxy:AddressFrom is cloudfront."]
                : Array.Empty<string>(),
        ];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
