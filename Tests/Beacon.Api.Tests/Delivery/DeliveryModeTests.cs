using Beacon.Api.Delivery;
using Beacon.Api.Delivery.GroupCommit;
using Beacon.Api.Delivery.WriteThrough;
using Beacon.Api.Journal;
using Beacon.Api.Tests.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Beacon.Api.Tests.Delivery;

public sealed class DeliveryModeTests
{
    private static readonly (string, string) InLambda = ("AWS_LAMBDA_FUNCTION_NAME", "pixel");

    [Fact]
    public async Task Events_are_kept_in_the_journal_by_default_and_in_firehose_inside_a_lambda_function()
    {
        Assert.IsType<EventJournal>(await SinkOfAsync());
        Assert.IsType<WriteThroughSink>(await SinkOfAsync(InLambda));
    }

    [Fact]
    public async Task A_mode_that_is_set_wins_over_where_the_beacon_runs()
    {
        Assert.IsType<EventJournal>(await SinkOfAsync(InLambda, ("Delivery:Mode", "journal")));
        Assert.IsType<GroupCommitSink>(await SinkOfAsync(InLambda, ("Delivery:Mode", "groupcommit")));
        Assert.IsType<WriteThroughSink>(await SinkOfAsync(("Delivery:Mode", "WriteThrough")));
    }

    [Fact]
    public async Task What_group_commit_leaves_in_the_journal_goes_on_after_a_second()
    {
        using var folder = new TempFolder();

        await using var journal = RunningBeacon.Build(folder, _ => { });
        await using var group = RunningBeacon.Build(folder, _ => { }, ("Delivery:Mode", "groupcommit"));
        await using var told = RunningBeacon.Build(folder, _ => { }, ("Delivery:Mode", "groupcommit"), ("Delivery:DeliverEvery", "00:00:07"));

        Assert.Equal([60, 1, 7], new[] { journal, group, told }.Select(app =>
            app.Services.GetRequiredService<IOptions<DeliveryOptions>>().Value.DeliverEvery.TotalSeconds));
    }

    [Theory]
    [InlineData("Delivery:Mode", "3", "Delivery:Mode must be journal, writethrough or groupcommit.")]
    [InlineData("Delivery:Mode", "memory", "Failed to convert configuration value 'memory' at 'Delivery:Mode' to type 'Beacon.Api.Delivery.DeliveryMode'.")]
    [InlineData("Delivery:RequestTimeout", "00:00:26", "Delivery:RequestTimeout must be from 00:00:00.1000000 to 00:00:25.")]
    [InlineData("Delivery:OverflowTimeout", "0", "Delivery:OverflowTimeout must be from 00:00:00.1000000 to 00:00:25.")]
    [InlineData("Delivery:GroupWait", "00:00:02", "Delivery:GroupWait must be from 00:00:00.0010000 to 00:00:01.")]
    [InlineData("Delivery:OverflowQueueUrl", "overflow", "Delivery:OverflowQueueUrl must be the http or https URL of a standard queue, not 'overflow'.")]
    [InlineData("Delivery:OverflowQueueUrl", "https://sqs.eu-west-1.amazonaws.com/1/a.fifo", "Delivery:OverflowQueueUrl must be the http or https URL of a standard queue, not 'https://sqs.eu-west-1.amazonaws.com/1/a.fifo'.")]
    public async Task A_wrong_setting_stops_the_start_with_one_sentence(string key, string value, string sentence)
    {
        using var folder = new TempFolder();

        var exception = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var app = RunningBeacon.Build(folder, _ => { }, (key, value));
            await app.StartAsync(TestContext.Current.CancellationToken);
        });

        Assert.Equal(sentence, ServiceDefaults.StartFailure.Explain(exception));
    }

    private static async Task<IEventSink> SinkOfAsync(params (string, string)[] settings)
    {
        await using var beacon = await RunningBeacon.StartAsync(settings);
        return beacon.App.Services.GetRequiredService<IEventSink>();
    }
}
