using System.Text;
using System.Text.Json;
using Beacon.Api.Journal;
using Beacon.Api.Tests.Crash;
using Beacon.Api.Tests.Delivery;

namespace Beacon.Api.Tests.Faults;

/// <summary>One event as Firehose took it.</summary>
internal sealed record ArrivedEvent(string EventId, string UserId, string BeaconId, long BeaconSeq);

/// <summary>Compares what was answered 200 with what arrived.</summary>
internal static class Proof
{
    /// <summary>Every event in the records taken, duplicates included; each line is one whole JSON object.</summary>
    public static List<ArrivedEvent> Arrived(this FirehoseEndpoint firehose)
    {
        var events = new List<ArrivedEvent>();
        foreach (var record in firehose.Taken)
        {
            foreach (var line in Encoding.UTF8.GetString(record).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using var json = JsonDocument.Parse(line);
                events.Add(new ArrivedEvent(
                    json.RootElement.GetProperty("event_id").GetString()!,
                    json.RootElement.GetProperty("user_id").GetString()!,
                    json.RootElement.GetProperty("beacon_id").GetString()!,
                    json.RootElement.GetProperty("beacon_seq").GetInt64()));
            }
        }

        return events;
    }

    /// <summary>Starts a beacon on a folder, lets it drain, and has it end well.</summary>
    public static async Task DrainAsync(string folder, FirehoseEndpoint firehose)
    {
        firehose.Script = _ => PutAnswer.Take;
        await using (var beacon = await BeaconProcess.StartAsync(BeaconProcess.Arguments(folder, firehose.Url, "--Delivery:DrainTimeout", "00:05:00")))
        {
            Assert.Equal(0, await beacon.TerminateAsync());
        }

        Assert.Contains(", 0 undelivered, 0 damaged stretches", Inspect(folder), StringComparison.Ordinal);
    }

    /// <summary>What <c>journal inspect</c> says of a folder.</summary>
    public static string Inspect(string folder)
    {
        using var text = new StringWriter();
        Assert.NotNull(JournalCommand.TryRun(["journal", "inspect", folder], text, text));
        return text.ToString();
    }

    /// <summary>
    /// All that was acknowledged arrived, nothing in the folder counts as damaged, no process left a gap in its numbers,
    /// and an event that arrived twice is the same event.
    /// </summary>
    public static void AllArrived(Visitors visitors, FirehoseEndpoint firehose, string folder)
    {
        var arrived = firehose.Arrived();
        Assert.NotEmpty(visitors.Acknowledged);
        AllAcknowledged(visitors, arrived.Select(e => e.UserId));
        Assert.Empty(Damaged(folder));
        Assert.Equal(arrived.Distinct().Count(), arrived.DistinctBy(e => e.EventId).Count());
        foreach (var beacon in arrived.GroupBy(e => e.BeaconId))
        {
            var numbers = beacon.Select(e => e.BeaconSeq).Distinct().Order().ToList();
            Assert.True(numbers[0] == 1 && numbers[^1] == numbers.Count, $"{beacon.Key} has gaps in 1 to {numbers[^1]}: {numbers.Count} numbers.");
        }
    }

    /// <summary>All that was acknowledged is among the users.</summary>
    public static void AllAcknowledged(Visitors visitors, IEnumerable<string> users)
    {
        var lost = visitors.Acknowledged.Except(users).ToList();
        Assert.True(lost.Count == 0, $"{lost.Count} of {visitors.Kept} acknowledged events are lost: {string.Join(", ", lost.Take(20))}");
    }

    /// <summary>The stretches in the folder's quarantine that were not events.</summary>
    public static string[] Damaged(string folder)
    {
        var quarantine = Path.Combine(folder, "quarantine");
        return Directory.Exists(quarantine) ? Directory.GetFiles(quarantine, "*.damaged") : [];
    }
}
