using System.Net;
using System.Text.RegularExpressions;
using LocalCloud.Protocol;
using Microsoft.Extensions.Options;

namespace LocalCloud.Sqs;

/// <summary>
/// The URLs of queues: <c>http://host:port/&lt;account&gt;/&lt;queue&gt;</c> on LocalCloud's own port. One is given out with the
/// host that its caller used, and understood with any, since a container and its host know this machine by different names.
/// </summary>
internal sealed partial class QueueUrls(IConfiguration configuration, IOptions<LocalCloudOptions> options)
{
    /// <summary>Whether a request's path is that of a queue.</summary>
    public static bool IsPath(string path) => PathPattern().IsMatch(path);

    /// <summary>The URL of a queue, for whoever calls.</summary>
    public string Of(string queue, AwsCall call) => Of(queue, call.Endpoint);

    /// <summary>The URL of a queue under an address of LocalCloud; under the one it was told to listen at when null.</summary>
    public string Of(string queue, string? endpoint = null) => $"{endpoint ?? Endpoint}/{options.Value.AccountId}/{queue}";

    /// <summary>The name of the queue that a URL, or the path of one, stands for.</summary>
    /// <exception cref="AwsException"><c>QueueDoesNotExist</c>: it is not the URL of a queue of this account.</exception>
    public string NameOf(string? url)
    {
        // "/account/queue" alone is an absolute URI on Unix, of a file: the path is the same.
        var path = Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.AbsolutePath : url;
        var parts = PathPattern().Match(path ?? "");
        return parts.Success && parts.Groups["account"].Value == options.Value.AccountId ? parts.Groups["queue"].Value : throw SqsErrors.QueueDoesNotExist();
    }

    // For templates, which are built before anything listens: the address that was asked for. A port that the system
    // chooses is not known by then, and the usual one stands in for it, as the host of a queue's URL does not matter here.
    private string Endpoint =>
        (configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(';').Select(Reachable).FirstOrDefault(url => url is not null)
        ?? LocalCloudOptions.DefaultUrl;

    private static string? Reachable(string url)
    {
        var address = url.Length == 0 ? null : BindingAddress.Parse(url);
        return address is null || address.Port == 0 || address.IsUnixPipe || address.IsNamedPipe ? null
            : $"{address.Scheme}://{(IsAny(address.Host) ? "localhost" : address.Host)}:{address.Port}";
    }

    private static bool IsAny(string host) =>
        host is "*" or "+" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)));

    [GeneratedRegex(@"\A/(?<account>[0-9]{12})/(?<queue>[A-Za-z0-9_.-]{1,80})/?\z")]
    private static partial Regex PathPattern();
}
