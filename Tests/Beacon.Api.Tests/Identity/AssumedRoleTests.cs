using System.Text;
using Beacon.Api.Identity;
using Beacon.Api.Tests.Crash;
using Beacon.Api.Tests.Delivery;
using Beacon.Api.Tests.Faults;
using Beacon.Api.Tests.Journal;
using LocalCloud.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Api.Tests.Identity;

/// <summary>The lake is in another account: a beacon puts as the role that it assumes there.</summary>
public sealed class AssumedRoleTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ObservedTime _time = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_puts_as_the_role_and_asks_for_its_keys_once()
    {
        await using var cloud = await CloudOfAnother.StartAsync();
        await using var beacon = await RunningBeacon.StartAsync([.. cloud.Settings, ("Delivery:Mode", "writethrough"), ("Delivery:RoleExternalId", "edge-one")]);

        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=a"), 200);
        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=b"), 200);

        var session = Assert.Single(cloud.Sessions);
        Assert.Equal(("AssumeRole", LocalCloudServer.AccessKey), (session.Action, session.Key));
        Assert.Equal(
            (CloudOfAnother.Role, BeaconCredentials.SessionName, "edge-one", "3600"),
            (session.Asked["RoleArn"], session.Asked["RoleSessionName"], session.Asked["ExternalId"], session.Asked["DurationSeconds"]));
        Assert.Equal(2, cloud.Puts.Count);
        Assert.All(cloud.Puts, put => Assert.True(put.IsOfSession));
    }

    [Fact]
    public async Task Without_a_role_it_puts_as_itself_and_never_asks_STS()
    {
        await using var cloud = await CloudOfAnother.StartAsync();
        await using var beacon = await RunningBeacon.StartAsync([.. cloud.Settings.Where(setting => setting.Key != "Delivery:RoleArn"), ("Delivery:Mode", "writethrough")]);

        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=a"), 200);

        Assert.Empty(cloud.Sessions);
        Assert.Equal(LocalCloudServer.AccessKey, Assert.Single(cloud.Puts).Key);
    }

    [Fact]
    public async Task The_overflow_queue_is_its_own_and_gets_its_messages_under_its_own_keys()
    {
        await using var cloud = await CloudOfAnother.StartAsync();
        var queue = await cloud.CreateQueueAsync();
        cloud.Away["firehose"] = true;
        await using var beacon = await RunningBeacon.StartAsync([.. cloud.Settings, .. Impatient(queue)]);

        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=a"), 200);

        Assert.Equal("a", User(Assert.Single(await cloud.MessagesAsync(queue))));
        Assert.Equal(LocalCloudServer.AccessKey, Assert.Single(cloud.Calls, call => call.Action == "SendMessage").Key);
    }

    [Theory]
    [InlineData("journal")]
    [InlineData("groupcommit")]
    public async Task The_program_delivers_what_its_journal_kept_while_STS_was_away_at_its_start(string mode)
    {
        await using var cloud = await CloudOfAnother.StartAsync();
        cloud.Away["sts"] = true;
        await using var beacon = await BeaconProcess.StartAsync(Arguments(cloud, "--Delivery:Mode", mode, "--Delivery:RequestTimeout", "00:00:00.1"));
        using var client = new HttpClient { BaseAddress = beacon.Url };

        await Pixels.AssertPixelAsync(await client.GetAsync("/trackingpixel?userid=a"), 200);
        Assert.Empty(cloud.Calls);
        cloud.Away.Clear();

        // It drains before it stops.
        Assert.Equal(0, await beacon.TerminateAsync());
        Assert.True(Assert.Single(cloud.Puts).IsOfSession);
        Assert.Empty(Journals.Segments(_folder["journal"]));
    }

    [Fact]
    public async Task Killed_while_STS_comes_and_goes_everything_answered_200_arrives()
    {
        await using var cloud = await CloudOfAnother.StartAsync();
        await using var firehose = await FirehoseEndpoint.StartAsync();
        var arguments = Arguments(cloud, $"--AWS:Endpoints:firehose={firehose.Url}", "--Journal:SegmentSize=65536");
        var visitors = new Visitors(4);
        for (var kill = 1; kill <= 3; kill++)
        {
            cloud.Away.Clear();
            _ = kill == 2 || cloud.Away.TryAdd("sts", true);
            await using var beacon = await BeaconProcess.StartAsync(arguments);
            await visitors.VisitAsync(beacon.Url, until: 100 * kill, beacon.KillAsync);
        }

        cloud.Away.Clear();
        await using (var beacon = await BeaconProcess.StartAsync(arguments))
        {
            Assert.Equal(0, await beacon.TerminateAsync());
        }

        Proof.AllArrived(visitors, firehose, _folder["journal"]);
    }

    [Fact]
    public async Task While_there_never_were_keys_events_go_to_the_queue_and_without_one_the_answer_is_503()
    {
        await using var cloud = await CloudOfAnother.StartAsync();
        var queue = await cloud.CreateQueueAsync();
        cloud.Away["sts"] = true;
        await using var queued = await RunningBeacon.StartAsync([.. cloud.Settings, .. Impatient(queue)]);
        await using var alone = await RunningBeacon.StartAsync([.. cloud.Settings, .. Impatient("")]);

        await Pixels.AssertPixelAsync(await queued.GetAsync("userid=a"), 200);
        await Pixels.AssertPixelAsync(await alone.GetAsync("userid=b"), 503);

        Assert.Equal("a", User(Assert.Single(await cloud.MessagesAsync(queue))));
        Assert.Empty(cloud.Puts);
    }

    [Fact]
    public async Task An_event_that_was_refused_for_want_of_keys_certainly_did_not_arrive_so_its_number_is_the_next_one_s()
    {
        await using var cloud = await CloudOfAnother.StartAsync();
        await using var firehose = await FirehoseEndpoint.StartAsync();
        cloud.Away["sts"] = true;
        await using var beacon = await StartAsync(cloud, [.. Impatient(""), ("AWS:Endpoints:firehose", firehose.Url)]);
        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=a"), 503);

        cloud.Away.Clear();
        _time.Advance(TimeSpan.FromMinutes(2)); // the longest wait before STS is asked again
        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=b"), 200);

        Assert.Equal(1, Pixels.ParseLine(Assert.Single(firehose.Taken)).GetProperty("beacon_seq").GetInt64());
    }

    [Fact]
    public async Task New_keys_are_there_long_before_the_old_ones_end_and_no_request_waits_for_them()
    {
        await using var cloud = await CloudOfAnother.StartAsync(verify: false, time: _time);
        await using var beacon = await StartAsync(cloud, ("Delivery:Mode", "writethrough"));
        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=a"), 200);

        var first = Stream(beacon).Expiration;
        await UntilRenewalIsSetAsync();
        _time.Advance(TimeSpan.FromMinutes(39));
        Assert.Single(cloud.Sessions);
        _time.Advance(TimeSpan.FromMinutes(2));
        await UntilAsync(() => Stream(beacon).Expiration != first);
        _time.Advance(TimeSpan.FromMinutes(25)); // the first ones have ended
        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=b"), 200);

        Assert.Equal(2, cloud.Sessions.Count);
        Assert.Equal(2, cloud.Puts.Select(put => put.Key).Distinct().Count());
        Assert.All(cloud.Puts, put => Assert.True(put.IsOfSession));
    }

    [Fact]
    public async Task An_outage_of_STS_is_not_noticed_until_the_keys_end_then_events_go_to_the_queue_and_after_it_to_the_stream()
    {
        await using var cloud = await CloudOfAnother.StartAsync(verify: false, time: _time);
        var queue = await cloud.CreateQueueAsync();
        await using var beacon = await StartAsync(cloud, Impatient(queue));
        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=before"), 200);

        cloud.Away["sts"] = true;
        _time.Advance(TimeSpan.FromMinutes(45));
        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=unnoticed"), 200);
        Assert.Equal(2, cloud.Puts.Count);

        _time.Advance(TimeSpan.FromMinutes(16));
        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=queued"), 200);
        Assert.Equal(2, cloud.Puts.Count);
        Assert.Equal("queued", User(Assert.Single(await cloud.MessagesAsync(queue))));

        cloud.Away.Clear();
        _time.Advance(TimeSpan.FromMinutes(2)); // the longest waits, of the renewal and of the gate
        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=after"), 200);
        Assert.Equal(3, cloud.Puts.Count);
        Assert.NotEqual(cloud.Puts[0].Key, cloud.Puts[2].Key);
    }

    [Fact]
    public async Task Keys_that_AWS_takes_for_expired_are_replaced_whatever_this_machine_s_clock_says()
    {
        await using var cloud = await CloudOfAnother.StartAsync(verify: false, time: _time);
        await using var firehose = await FirehoseEndpoint.StartAsync();
        firehose.Script = put => cloud.Sessions.Count > 1 ? PutAnswer.Take : new PutAnswer.Refuse(400, "ExpiredTokenException");
        await using var beacon = await StartAsync(
            cloud, [("AWS:Endpoints:firehose", firehose.Url), ("Delivery:Mode", "writethrough"), ("Delivery:RetryBase", "00:01:00"), ("Delivery:RetryCap", "00:01:00")]);

        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=a"), 503); // keys as young as this are not to blame
        Assert.Single(cloud.Sessions);
        await UntilRenewalIsSetAsync();
        _time.Advance(TimeSpan.FromMinutes(2));
        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=b"), 503);
        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=c"), 200);

        Assert.Equal(2, cloud.Sessions.Count);
    }

    // The last thing that is done when there are keys: they can be used, and aged by moving the clock, before.
    private async Task UntilRenewalIsSetAsync() => await _time.NextWaitAsync(wait => wait > TimeSpan.FromMinutes(39));

    private static RenewedCredentials Stream(RunningBeacon beacon) => beacon.App.Services.GetRequiredService<BeaconCredentials>().ForStream!;

    /// <summary>Write-through that gives up Firehose after its first failure.</summary>
    private static (string, string)[] Impatient(string queue) =>
    [
        ("Delivery:Mode", "writethrough"), ("Delivery:OverflowQueueUrl", queue), ("Delivery:RequestTimeout", "00:00:02"),
        ("Delivery:RetryBase", "00:00:30"), ("Delivery:RetryCap", "00:00:30"),
    ];

    private Task<RunningBeacon> StartAsync(CloudOfAnother cloud, params (string, string)[] settings) =>
        RunningBeacon.StartAsync(services => services.AddSingleton<TimeProvider>(_time), [.. cloud.Settings, .. settings]);

    private string[] Arguments(CloudOfAnother cloud, params string[] more) =>
    [
        .. BeaconProcess.Arguments(_folder["journal"], cloud.Url), .. cloud.Settings.Select(setting => $"--{setting.Key}={setting.Value}"), .. more,
    ];

    private static string? User(string line) => Pixels.ParseLine(Encoding.UTF8.GetBytes(line)).Text("user_id");

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
