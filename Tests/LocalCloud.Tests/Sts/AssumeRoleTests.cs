using System.Buffers.Text;
using System.Net;
using System.Text;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Microsoft.Extensions.Time.Testing;

namespace LocalCloud.Tests.Sts;

/// <summary>Keys for a role, asked for with the official client where signatures are looked at.</summary>
public sealed class AssumeRoleTests : IAsyncLifetime
{
    private const string Role = "arn:aws:iam::210987654321:role/pixel/producer";

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private LocalCloudServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await LocalCloudServer.StartAsync(
        _time, new() { ["LocalCloud:Verify"] = "true", ["LocalCloud:AccountId"] = "123456789012" });

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task The_keys_are_temporary_ones_of_the_role_and_its_account()
    {
        var given = await Sts().AssumeRoleAsync(Asked(), Cancel);
        var caller = await Sts(given.Credentials).GetCallerIdentityAsync(new(), Cancel);

        Assert.Matches("^ASIA[0-9A-Z]{16}$", given.Credentials.AccessKeyId);
        Assert.Equal("arn:aws:sts::210987654321:assumed-role/producer/beacon", given.AssumedRoleUser.Arn);
        Assert.Matches("^AROA[0-9A-Z]{16}:beacon$", given.AssumedRoleUser.AssumedRoleId);
        Assert.Equal((given.AssumedRoleUser.Arn, "210987654321", given.AssumedRoleUser.AssumedRoleId), (caller.Arn, caller.Account, caller.UserId));
        Assert.Equal(_time.GetUtcNow().UtcDateTime.AddHours(1), given.Credentials.Expiration!.Value.ToUniversalTime(), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Without_their_token_or_with_another_s_they_are_worth_nothing()
    {
        var keys = (await Sts().AssumeRoleAsync(Asked(), Cancel)).Credentials;
        var others = (await Sts().AssumeRoleAsync(Asked(), Cancel)).Credentials;

        await AssertFirehoseRefusesAsync(new BasicAWSCredentials(keys.AccessKeyId, keys.SecretAccessKey), "UnrecognizedClientException");
        await AssertFirehoseRefusesAsync(new SessionAWSCredentials(keys.AccessKeyId, keys.SecretAccessKey, others.SessionToken), "UnrecognizedClientException");
        await AssertFirehoseRefusesAsync(new SessionAWSCredentials(keys.AccessKeyId, "another", keys.SessionToken), "InvalidSignatureException");
        Assert.Empty((await Firehose(Of(keys)).ListDeliveryStreamsAsync(new ListDeliveryStreamsRequest(), Cancel)).DeliveryStreamNames);
    }

    [Fact]
    public async Task When_their_time_is_over_every_service_says_so_in_its_own_words()
    {
        var keys = (await Sts().AssumeRoleAsync(Asked(duration: 900), Cancel)).Credentials;

        // Signed at the machine's time, which has to stay near the server's: the keys are what has grown old.
        _time.Advance(TimeSpan.FromMinutes(14));
        Assert.Empty((await Firehose(Of(keys)).ListDeliveryStreamsAsync(new ListDeliveryStreamsRequest(), Cancel)).DeliveryStreamNames);
        _time.Advance(TimeSpan.FromMinutes(1));

        await AssertFirehoseRefusesAsync(Of(keys), "ExpiredTokenException");
        var refused = await Assert.ThrowsAsync<AmazonSecurityTokenServiceException>(() => Sts(keys).GetCallerIdentityAsync(new(), Cancel));
        Assert.Equal(("ExpiredToken", HttpStatusCode.Forbidden), (refused.ErrorCode, refused.StatusCode));
        Assert.Equal("The security token included in the request is expired", refused.Message);
    }

    [Theory]
    [InlineData("no role", "beacon", 3600, "Value 'no role' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20")]
    [InlineData("arn:aws:iam::123456789012:user/nobody", "beacon", 3600, "arn:aws:iam::123456789012:user/nobody is invalid")]
    [InlineData(Role, "b", 3600, "Value 'b' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2")]
    [InlineData(Role, "a beacon", 3600, @"Value 'a beacon' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*")]
    [InlineData(Role, "beacon", 899, "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900")]
    [InlineData(Role, "beacon", 43_201, "Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200")]
    public async Task What_is_asked_wrongly_is_refused_as_AWS_words_it(string role, string session, int duration, string message)
    {
        var refused = await Assert.ThrowsAsync<AmazonSecurityTokenServiceException>(() => Sts().AssumeRoleAsync(Asked(role, session, duration), Cancel));

        Assert.Equal(("ValidationError", HttpStatusCode.BadRequest), (refused.ErrorCode, refused.StatusCode));
        Assert.EndsWith(message, refused.Message);
    }

    [Fact]
    public async Task An_external_id_has_two_characters_at_least_and_a_source_identity_comes_back()
    {
        var refused = await Assert.ThrowsAsync<AmazonSecurityTokenServiceException>(
            () => Sts().AssumeRoleAsync(new() { RoleArn = Role, RoleSessionName = "beacon", ExternalId = new string('x', 1) }, Cancel));
        var given = await Sts().AssumeRoleAsync(new() { RoleArn = Role, RoleSessionName = "beacon", ExternalId = "edge:one", SourceIdentity = "alice" }, Cancel);

        Assert.Contains("'externalId'", refused.Message);
        Assert.Equal("alice", given.SourceIdentity);
    }

    [Fact]
    public async Task A_role_that_another_role_assumes_ends_after_an_hour()
    {
        var first = (await Sts().AssumeRoleAsync(Asked(duration: 43_200), Cancel)).Credentials;

        var refused = await Assert.ThrowsAsync<AmazonSecurityTokenServiceException>(() => Sts(first).AssumeRoleAsync(Asked(duration: 3601), Cancel));
        var second = await Sts(first).AssumeRoleAsync(Asked(), Cancel);

        Assert.Equal("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining", refused.Message);
        Assert.NotEqual(first.AccessKeyId, second.Credentials.AccessKeyId);
    }

    [Fact]
    public async Task A_web_identity_needs_no_signature_and_its_token_says_whose_it_is()
    {
        var sts = _server.Client<AmazonSecurityTokenServiceClient, AmazonSecurityTokenServiceConfig>((_, config) => new(new AnonymousAWSCredentials(), config));

        var given = await sts.AssumeRoleWithWebIdentityAsync(Shown(Token(_time.GetUtcNow().AddHours(1))), Cancel);

        Assert.Equal(("system:serviceaccount:default:beacon", "sts.amazonaws.com", "https://oidc.example"), (given.SubjectFromWebIdentityToken, given.Audience, given.Provider));
        Assert.Equal("arn:aws:sts::210987654321:assumed-role/producer/beacon", (await Sts(given.Credentials).GetCallerIdentityAsync(new(), Cancel)).Arn);
    }

    [Fact]
    public async Task A_web_identity_whose_token_has_ended_or_is_none_gets_no_keys()
    {
        var sts = _server.Client<AmazonSecurityTokenServiceClient, AmazonSecurityTokenServiceConfig>((_, config) => new(new AnonymousAWSCredentials(), config));

        await Assert.ThrowsAsync<ExpiredTokenException>(() => sts.AssumeRoleWithWebIdentityAsync(Shown(Token(_time.GetUtcNow().AddSeconds(-1))), Cancel));
        await Assert.ThrowsAsync<InvalidIdentityTokenException>(() => sts.AssumeRoleWithWebIdentityAsync(Shown("not.a.token"), Cancel));
        await Assert.ThrowsAsync<InvalidIdentityTokenException>(() => sts.AssumeRoleWithWebIdentityAsync(Shown("nothing like it"), Cancel));
    }

    [Fact]
    public async Task Nobody_gets_keys_for_a_role_without_a_signature()
    {
        using var answer = await _server.Http().PostAsync(
            "/", new FormUrlEncodedContent([new("Action", "AssumeRole"), new("Version", "2011-06-15"), new("RoleArn", Role), new("RoleSessionName", "beacon")]), Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("<Code>MissingAuthenticationToken</Code>", await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static AssumeRoleRequest Asked(string role = Role, string session = "beacon", int duration = 3600) =>
        new() { RoleArn = role, RoleSessionName = session, DurationSeconds = duration };

    private static AssumeRoleWithWebIdentityRequest Shown(string token) => new() { RoleArn = Role, RoleSessionName = "beacon", WebIdentityToken = token };

    private static string Token(DateTimeOffset expires)
    {
        return $"{Part("""{"alg":"RS256"}""")}.{Part($$"""{"iss":"https://oidc.example","aud":["sts.amazonaws.com"],"sub":"system:serviceaccount:default:beacon","exp":{{expires.ToUnixTimeSeconds()}}}""")}.c2ln";

        static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
    }

    private static SessionAWSCredentials Of(Credentials keys) => new(keys.AccessKeyId, keys.SecretAccessKey, keys.SessionToken);

    private AmazonSecurityTokenServiceClient Sts(Credentials? keys = null) =>
        _server.Client<AmazonSecurityTokenServiceClient, AmazonSecurityTokenServiceConfig>((given, config) => new(given, config), credentials: keys is null ? null : Of(keys));

    private AmazonKinesisFirehoseClient Firehose(AWSCredentials keys) =>
        _server.Client<AmazonKinesisFirehoseClient, AmazonKinesisFirehoseConfig>((given, config) => new(given, config), credentials: keys);

    private async Task AssertFirehoseRefusesAsync(AWSCredentials keys, string code)
    {
        var refused = await Assert.ThrowsAnyAsync<AmazonServiceException>(() => Firehose(keys).ListDeliveryStreamsAsync(new ListDeliveryStreamsRequest(), Cancel));
        Assert.Equal(code, refused.ErrorCode);
    }
}
