using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LocalCloud.Protocol;
using LocalCloud.Signing;
using Microsoft.Extensions.Options;

namespace LocalCloud.Sts;

/// <summary>
/// Security Token Service, the part that tools ask first: who am I, and keys for a role. There are no policies:
/// every role of every account can be assumed, whoever asks, and may do everything; a session is one of its role's account.
/// </summary>
internal sealed partial class StsService : AwsQueryService
{
    private const string WithWebIdentity = "AssumeRoleWithWebIdentity";

    private static readonly TimeSpan DefaultDuration = TimeSpan.FromHours(1);

    /// <summary>For a role that a role assumes: IAM User Guide, "Role chaining".</summary>
    private static readonly TimeSpan MostWhenChained = TimeSpan.FromHours(1);

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
        Handle("AssumeRole", AssumeRole);
        Handle(WithWebIdentity, (parameters, _) => AssumeRoleWithWebIdentity(parameters));
    }

    public override bool IsUnsigned(string action) => action == WithWebIdentity;

    private IEnumerable<XElement> GetCallerIdentity(AwsCall call)
    {
        var caller = Caller(call);
        return
        [
            new(Namespace + "Arn", caller?.Arn ?? $"arn:aws:iam::{_options.AccountId}:root"),
            new(Namespace + "UserId", caller?.UserId ?? _options.AccountId),
            new(Namespace + "Account", caller?.Account ?? _options.AccountId),
        ];
    }

    private IEnumerable<XElement> AssumeRole(IReadOnlyDictionary<string, string> parameters, AwsCall call)
    {
        var (role, session, duration) = Session(parameters);
        _ = Optional(parameters, "ExternalId", 2, 1224, ExternalId());
        var source = Optional(parameters, "SourceIdentity", 2, 64, SessionName());
        if (duration > MostWhenChained && Caller(call) is { SessionToken: not null, Expiration: not null })
        {
            throw new AwsException("ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
        }

        var keys = _credentials.Assume(role, session, _time.GetUtcNow() + duration);
        return [Keys(keys), User(keys), .. source is null ? Array.Empty<XElement>() : [new(Namespace + "SourceIdentity", source)]];
    }

    private IEnumerable<XElement> AssumeRoleWithWebIdentity(IReadOnlyDictionary<string, string> parameters)
    {
        var (role, session, duration) = Session(parameters);
        var token = WebIdentityToken.Read(Required(parameters, "WebIdentityToken", 4, 20_000), _time.GetUtcNow());
        var keys = _credentials.Assume(role, session, _time.GetUtcNow() + duration);
        return
        [
            new(Namespace + "SubjectFromWebIdentityToken", token.Subject),
            new(Namespace + "Audience", token.Audience),
            User(keys),
            Keys(keys),
            new(Namespace + "Provider", token.Issuer),
        ];
    }

    private Credentials? Caller(AwsCall call) => call.AccessKey is null ? null : _credentials.Find(call.AccessKey, call.SessionToken);

    /// <summary>What all ways to assume a role have in common.</summary>
    private static (string Role, string Session, TimeSpan Duration) Session(IReadOnlyDictionary<string, string> parameters)
    {
        var role = Required(parameters, "RoleArn", 20, 2048);
        var session = Required(parameters, "RoleSessionName", 2, 64, SessionName());
        var duration = DefaultDuration;
        if (parameters.TryGetValue("DurationSeconds", out var text))
        {
            // What is no number at all is refused as one that is too small.
            _ = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds);
            duration = seconds < 900 ? throw Invalid(text, "durationSeconds", "Member must have value greater than or equal to 900")
                : seconds > 43_200 ? throw Invalid(text, "durationSeconds", "Member must have value less than or equal to 43200")
                : TimeSpan.FromSeconds(seconds);
        }

        return RoleArn().IsMatch(role) ? (role, session, duration) : throw new AwsException("ValidationError", $"{role} is invalid");
    }

    private XElement Keys(Credentials keys) => new(
        Namespace + "Credentials",
        new XElement(Namespace + "AccessKeyId", keys.AccessKey),
        new XElement(Namespace + "SecretAccessKey", keys.SecretKey),
        new XElement(Namespace + "SessionToken", keys.SessionToken),
        new XElement(Namespace + "Expiration", keys.Expiration!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));

    private XElement User(Credentials keys) => new(
        Namespace + "AssumedRoleUser",
        new XElement(Namespace + "AssumedRoleId", keys.UserId),
        new XElement(Namespace + "Arn", keys.Arn));

    private static string Required(IReadOnlyDictionary<string, string> parameters, string name, int least, int most, Regex? pattern = null) =>
        Optional(parameters, name, least, most, pattern)
        ?? throw new AwsException("ValidationError", $"1 validation error detected: Value null at '{Member(name)}' failed to satisfy constraint: Member must not be null");

    private static string? Optional(IReadOnlyDictionary<string, string> parameters, string name, int least, int most, Regex? pattern)
    {
        if (!parameters.TryGetValue(name, out var value))
        {
            return null;
        }

        return value.Length < least ? throw Invalid(value, Member(name), $"Member must have length greater than or equal to {least}")
            : value.Length > most ? throw Invalid(value, Member(name), $"Member must have length less than or equal to {most}")
            : pattern is null || pattern.IsMatch(value) ? value
            : throw Invalid(value, Member(name), $"Member must satisfy regular expression pattern: {pattern.ToString()[1..^1]}");
    }

    private static string Member(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static AwsException Invalid(string value, string member, string constraint) =>
        new("ValidationError", $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {constraint}");

    [GeneratedRegex(@"\Aarn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]+\z")]
    private static partial Regex RoleArn();

    [GeneratedRegex(@"^[\w+=,.@-]*$")]
    private static partial Regex SessionName();

    [GeneratedRegex(@"^[\w+=,.@:\/-]*$")]
    private static partial Regex ExternalId();
}
