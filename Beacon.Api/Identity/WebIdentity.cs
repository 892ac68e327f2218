using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using ServiceDefaults;

namespace Beacon.Api.Identity;

/// <summary>
/// A token that somebody whom AWS trusts has written for this program, as Kubernetes does for the service account of a pod
/// ("IAM roles for service accounts" of EKS). STS gives keys of a role for it, without a signature.
/// </summary>
/// <param name="TokenFile">Where the token is; it is written anew before it ends, so it is read each time.</param>
/// <param name="RoleArn">The role.</param>
/// <param name="SessionName">What a session is called; null: <see cref="BeaconCredentials.SessionName"/>.</param>
internal sealed record WebIdentity(string TokenFile, string RoleArn, string? SessionName)
{
    /// <summary>
    /// What the environment says by the variables that all of AWS's SDKs know (AWS SDKs and Tools Reference Guide, "Assume role
    /// credential provider"); null where it says nothing, or where keys or a profile are given, which come first there too.
    /// </summary>
    public static WebIdentity? Of(IConfiguration configuration)
    {
        var aws = configuration.GetSection(AwsOptions.Section);
        string?[] before = [aws[nameof(AwsOptions.AccessKey)], aws[nameof(AwsOptions.Profile)], configuration["AWS_ACCESS_KEY_ID"]];
        return before.All(string.IsNullOrEmpty)
            && configuration["AWS_WEB_IDENTITY_TOKEN_FILE"] is { Length: > 0 } file
            && configuration["AWS_ROLE_ARN"] is { Length: > 0 } role
                ? new WebIdentity(file, role, configuration["AWS_ROLE_SESSION_NAME"] is { Length: > 0 } session ? session : null)
                : null;
    }

    /// <summary>Asks for keys.</summary>
    public async Task<SessionKeys> AskAsync(IAmazonSecurityTokenService sts, CancellationToken cancellationToken)
    {
        var token = await File.ReadAllTextAsync(TokenFile, cancellationToken);
        var answer = await sts.AssumeRoleWithWebIdentityAsync(
            new AssumeRoleWithWebIdentityRequest
            {
                RoleArn = RoleArn,
                RoleSessionName = SessionName ?? BeaconCredentials.SessionName,
                WebIdentityToken = token.Trim(),
                DurationSeconds = (int)RenewedCredentials.Life.TotalSeconds,
            },
            cancellationToken);
        return BeaconCredentials.Of(answer.Credentials);
    }
}
