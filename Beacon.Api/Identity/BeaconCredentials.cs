using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Beacon.Api.Delivery;

namespace Beacon.Api.Identity;

/// <summary>
/// Who the beacon is to AWS, as far as STS has a say in it. Without a role to assume and without a web identity it has none: then
/// both are null, and keys are those of the settings or what the SDK finds.
/// </summary>
internal sealed class BeaconCredentials : IHostedService, IDisposable
{
    /// <summary>What a session is called, in CloudTrail of the lake's account among other places.</summary>
    public const string SessionName = "pixel-beacon";

    /// <param name="options">Which role puts to the stream.</param>
    /// <param name="webIdentity">By whom the beacon is vouched for; null: nobody.</param>
    /// <param name="sts">Made at the first call. It signs with <see cref="Own"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">From 0 to 1, for the waits after failures.</param>
    /// <param name="loggers">For what is told of failures.</param>
    public BeaconCredentials(
        DeliveryOptions options, WebIdentity? webIdentity, Func<IAmazonSecurityTokenService> sts, TimeProvider time, Func<double> random, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger<RenewedCredentials>();
        if (webIdentity is not null)
        {
            Own = new RenewedCredentials($"keys of the role {webIdentity.RoleArn}", cancel => webIdentity.AskAsync(sts(), cancel), time, random, logger);
        }

        ForStream = options.RoleArn is not { Length: > 0 } role
            ? Own
            : new RenewedCredentials($"keys of the role {role}", cancel => AssumeAsync(sts, role, options.RoleExternalId, cancel), time, random, logger);
    }

    /// <summary>The beacon's own, which it has the queue and STS with; null: what the SDK finds.</summary>
    public RenewedCredentials? Own { get; }

    /// <summary>Those it puts to the stream with; null: what the SDK finds.</summary>
    public RenewedCredentials? ForStream { get; }

    /// <summary>Does not wait for an answer of STS: a beacon that keeps events in a journal needs none yet.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Own?.Begin();
        ForStream?.Begin();
        return Task.CompletedTask;
    }

    /// <summary>Stopping, it still delivers.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        Own?.Dispose();
        ForStream?.Dispose();
    }

    /// <summary>Keys as STS words them.</summary>
    public static SessionKeys Of(Credentials given) => new(
        new ImmutableCredentials(given.AccessKeyId, given.SecretAccessKey, given.SessionToken),
        new DateTimeOffset(given.Expiration!.Value.ToUniversalTime(), TimeSpan.Zero));

    private async Task<SessionKeys> AssumeAsync(Func<IAmazonSecurityTokenService> sts, string role, string? externalId, CancellationToken cancellationToken)
    {
        if (Own is not null)
        {
            await Own.ReadyAsync(cancellationToken);
        }

        var answer = await sts().AssumeRoleAsync(
            new AssumeRoleRequest
            {
                RoleArn = role,
                RoleSessionName = SessionName,
                ExternalId = string.IsNullOrEmpty(externalId) ? null : externalId,
                DurationSeconds = (int)RenewedCredentials.Life.TotalSeconds,
            },
            cancellationToken);
        return Of(answer.Credentials);
    }
}
