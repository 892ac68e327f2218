using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LocalCloud.Protocol;
using LocalCloud.Signing;
using Microsoft.Extensions.Options;

namespace LocalCloud.Sts;

/// <summary>
/// Security Token Service, the part that tools ask first: who am I, and keys for a role. There are no policies:
/// every role can be assumed and may do everything.
/// </summary>
internal sealed partial class StsService : AwsQueryService
{
    private static readonly TimeSpan DefaultDuration = TimeSpan.FromHours(1);

    private readonly CredentialStore _credentials;
    private readonly LocalCloudOptions _options;
    private readonly TimeProvider _time;

    public StsService(CredentialStore credentials, IOptions<LocalCloudOptions> options, TimeProvider time)
        : base("sts", "2011-06-15")
    {
        _credentials = credentials;
        _options = options.Value;
        _time = time;
        Handle("GetCallerIdentity", (_, call) => GetCallerIdentity(call));
        Handle("AssumeRole", (parameters, _) => AssumeRole(parameters));
    }

    private IEnumerable<XElement> GetCallerIdentity(AwsCall call)
    {
        var caller = call.AccessKey is null ? null : _credentials.Find(call.AccessKey, call.SessionToken);
        return
        [
            new(Namespace + "Arn", caller?.Arn ?? $"arn:aws:iam::{_options.AccountId}:root"),
            new(Namespace + "UserId", caller?.UserId ?? _options.AccountId),
            new(Namespace + "Account", _options.AccountId),
        ];
    }

    private IEnumerable<XElement> AssumeRole(IReadOnlyDictionary<string, string> parameters)
    {
        var role = Required(parameters, "RoleArn", RoleArn());
        var session = Required(parameters, "RoleSessionName", SessionName());
        var duration = parameters.TryGetValue("DurationSeconds", out var text)
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 900 and <= 43_200
                ? TimeSpan.FromSeconds(seconds)
                : throw Invalid(text, "durationSeconds", "Member must have value between 900 and 43200")
            : DefaultDuration;

        var keys = _credentials.Assume(role, session, _time.GetUtcNow() + duration);
        return
        [
            new(
                Namespace + "Credentials",
                new XElement(Namespace + "AccessKeyId", keys.AccessKey),
                new XElement(Namespace + "SecretAccessKey", keys.SecretKey),
                new XElement(Namespace + "SessionToken", keys.SessionToken),
                new XElement(Namespace + "Expiration", keys.Expiration!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))),
            new(
                Namespace + "AssumedRoleUser",
                new XElement(Namespace + "AssumedRoleId", keys.UserId),
                new XElement(Namespace + "Arn", keys.Arn)),
        ];
    }

    private static string Required(IReadOnlyDictionary<string, string> parameters, string name, Regex pattern)
    {
        var member = char.ToLowerInvariant(name[0]) + name[1..];
        if (!parameters.TryGetValue(name, out var value))
        {
            throw new AwsException("ValidationError", $"1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null");
        }

        return pattern.IsMatch(value) ? value : throw Invalid(value, member, $"Member must satisfy regular expression pattern: {pattern}");
    }

    private static AwsException Invalid(string value, string member, string constraint) =>
        new("ValidationError", $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {constraint}");

    [GeneratedRegex("^arn:[a-z-]+:iam::[0-9]{12}:role/[\\w+=,.@/-]+$")]
    private static partial Regex RoleArn();

    [GeneratedRegex("^[\\w+=,.@-]{2,64}$")]
    private static partial Regex SessionName();
}
