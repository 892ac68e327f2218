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
    /// is then whoever connects, and the header means nothing.
    /// </summary>
    public string[] Known { get; set; } = [];

    /// <summary>Reads one entry of <see cref="Known"/>.</summary>
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

/// <summary>Checks the settings at the start.</summary>
internal sealed class ProxyOptionsValidator : IValidateOptions<ProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        string[] problems =
        [
            .. options.Known.Index().Where(k => !ProxyOptions.TryParse(k.Item, out _))
                .Select(k => $"Proxy:Known:{k.Index} must be an address or a network such as 10.0.0.0/8, not '{k.Item}'."),
        ];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
