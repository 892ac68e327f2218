using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using LocalCloud.Protocol;
using LocalCloud.S3.Payload;
using LocalCloud.Signing;
using Microsoft.AspNetCore.Http.Features;

namespace LocalCloud.S3;

/// <summary>A request as S3's operations see it: what it is about, its parameters, its body, and ways to answer.</summary>
internal sealed class S3Request
{
    private const int MaxXml = 8 * 1024 * 1024; // ten thousand parts or a thousand keys are well below

    private readonly Dictionary<string, string> _query;
    private readonly SigningKey? _key;
    private readonly RequestSignature? _signature;

    public S3Request(HttpContext http, AwsCall call, RequestSignature? signature, PayloadClaims claims, SigningKey? key)
    {
        Http = http;
        Call = call;
        Claims = claims;
        _signature = signature;
        _key = key;

        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/') && Uri.TryCreate(target, UriKind.Absolute, out var absolute))
        {
            target = absolute.PathAndQuery;
        }

        var question = target.IndexOf('?', StringComparison.Ordinal);
        var address = S3Address.Read(http.Request.Host.Host, question < 0 ? target : target[..question]);
        (Bucket, Key) = (address.Bucket, address.Key);
        _query = ParseQuery(question < 0 ? "" : target[(question + 1)..]);
    }

    public HttpContext Http { get; }

    public AwsCall Call { get; }

    public PayloadClaims Claims { get; }

    /// <summary>The bucket, null for the service itself.</summary>
    public string? Bucket { get; }

    /// <summary>The key, null for the bucket itself.</summary>
    public string? Key { get; }

    public HttpResponse Response => Http.Response;

    public CancellationToken Cancellation => Http.RequestAborted;

    /// <summary>The parameters of the query, in the order they were sent; names are case-sensitive.</summary>
    public IReadOnlyDictionary<string, string> Query => _query;

    public string? this[string parameter] => _query.GetValueOrDefault(parameter);

    public bool Has(string parameter) => _query.ContainsKey(parameter);

    /// <summary>A header's value; null when it is absent or empty.</summary>
    public string? Header(string name) => Http.Request.Headers[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>A whole number from the query.</summary>
    /// <exception cref="AwsException"><c>InvalidArgument</c>.</exception>
    public int Number(string parameter, int absent, int max)
    {
        if (this[parameter] is not { Length: > 0 } text)
        {
            return absent;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Math.Min(number, max)
            : throw S3Errors.InvalidArgument($"Provided {parameter} not an integer or within integer range", parameter, text);
    }

    /// <summary>The content, decoded and checked at its end.</summary>
    /// <param name="claims">What to check; the request's own claims when null.</param>
    public IncomingBody OpenBody(PayloadClaims? claims = null) => new(Http.Request, claims ?? Claims, _key, _signature?.Signature);

    /// <summary>The content as XML; its root has the given name.</summary>
    /// <exception cref="AwsException"><c>MalformedXML</c>.</exception>
    public async Task<XElement> ReadXmlAsync(string root, PayloadClaims? claims = null)
    {
        var text = await ReadTextAsync(claims);
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, CheckCharacters = false });
            var element = XElement.Load(reader, LoadOptions.PreserveWhitespace);
            return element.Name.LocalName == root ? element : throw S3Errors.MalformedXml();
        }
        catch (XmlException)
        {
            throw S3Errors.MalformedXml();
        }
    }

    /// <summary>The content as text.</summary>
    public async Task<string> ReadTextAsync(PayloadClaims? claims = null)
    {
        if (Claims.Length > MaxXml)
        {
            throw S3Errors.EntityTooLarge(Claims.Length, MaxXml);
        }

        await using var body = OpenBody(claims);
        var content = new MemoryStream((int)Claims.Length);
        await body.CopyToAsync(content, Cancellation);
        return Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length).TrimStart('\uFEFF');
    }

    /// <summary>Answers with an XML document.</summary>
    public Task WriteXmlAsync(XElement content) => S3Xml.WriteAsync(Http, 200, content);

    /// <summary>Answers with a status and nothing else.</summary>
    public Task WriteNothingAsync(int status = 200)
    {
        Response.StatusCode = status;
        Response.ContentLength = status == 204 ? null : 0;
        return Task.CompletedTask;
    }

    private static Dictionary<string, string> ParseQuery(string query)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = Unescape(equals < 0 ? pair : pair[..equals]);
            parameters.TryAdd(name, equals < 0 ? "" : Unescape(pair[(equals + 1)..]));
        }

        return parameters;
    }

    private static string Unescape(string escaped) => Encoding.UTF8.GetString(CanonicalRequest.Decode(escaped, plusIsSpace: true));
}
