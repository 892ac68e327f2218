using System.Text.RegularExpressions;
using Beacon.Api.Tests.Crash;
using Beacon.Api.Tests.Delivery;
using Beacon.Api.Tests.Journal;

namespace Beacon.Api.Tests.Faults;

/// <summary>
/// The order of the real program's calls of the kernel, as strace sees them: what was asked for, flushed, and answered.
/// </summary>
public sealed partial class FlushOrderTests : IAsyncLifetime
{
    private const int Events = 400; // a few segments of 64 KiB

    private readonly TempFolder _folder = new();
    private FirehoseEndpoint _firehose = null!;

    private string Journal => _folder["journal"];

    public async ValueTask InitializeAsync()
    {
        _firehose = await FirehoseEndpoint.StartAsync();
        _firehose.Script = _ => new PutAnswer.HangUp();
    }

    public async ValueTask DisposeAsync()
    {
        await _firehose.DisposeAsync();
        _folder.Dispose();
    }

    /// <remarks>One visitor, who comes again when he is answered: so a flush between a request and its answer is for it.</remarks>
    [Theory]
    [InlineData("batch")]
    [InlineData("always")]
    public async Task No_200_is_sent_before_a_flush_of_the_segment_that_began_after_the_request_came_and_before_its_folder_is_flushed(string sync)
    {
        var calls = await TraceAsync(sync);
        var flushes = calls.Where(call => Tracer.Flushes.Split(',').Contains(call.Name) && call.Succeeded).ToList();
        var folders = flushes.Where(call => Path(call) == Journal).ToList();
        var segments = flushes.Where(call => call.Text.Contains(Journal + "/", StringComparison.Ordinal)).ToList();
        var named = new HashSet<SystemCall>();
        var answered = 0;
        var asked = -1;
        foreach (var call in calls)
        {
            if (call.Text.Contains("GET /trackingpixel", StringComparison.Ordinal))
            {
                asked = call.Begun;
            }
            else if (call.Text.Contains("HTTP/1.1 200", StringComparison.Ordinal))
            {
                answered++;
                var flush = segments.FindLast(flush => flush.Begun > asked && flush.Ended < call.Begun);
                Assert.True(flush is not null, $"Answer {answered} was sent without a flush of its event.");

                // msync names an address: then every name that is new must be durable.
                var segment = flush.Name == "msync" ? "" : Path(flush);
                if (calls.FindLast(name => name.Begun < flush.Begun && Names(name, segment)) is { } naming)
                {
                    named.Add(naming);
                    Assert.True(
                        folders.Exists(folder => folder.Begun > naming.Begun && folder.Ended < call.Begun),
                        $"Answer {answered} was sent before the name of {segment} was flushed.");
                }
            }
        }

        Assert.Equal(Events, answered);
        Assert.True(named.Count > 1, "It was to begin more than one segment.");
    }

    [Fact]
    public async Task With_Sync_process_no_answer_waits_for_a_flush()
    {
        var calls = await TraceAsync("process");
        var flushes = calls.Count(call => Tracer.Flushes.Split(',').Contains(call.Name));
        Assert.True(flushes < Events / 4, $"{flushes} flushes for {Events} answers.");
    }

    /// <summary>Whether a call gives a segment its name.</summary>
    private bool Names(SystemCall call, string segment) =>
        call.Succeeded
        && (call.Name.StartsWith("rename", StringComparison.Ordinal) || call.Name.StartsWith("link", StringComparison.Ordinal)
            || (call.Name == "openat" && call.Text.Contains("O_CREAT", StringComparison.Ordinal)))
        && call.Text.Contains($"{Journal}/", StringComparison.Ordinal)
        && Quoted().Matches(call.Text).LastOrDefault()?.Groups[1].Value is { } name
        && (segment.Length == 0 ? name.EndsWith(".journal", StringComparison.Ordinal) : name == segment);

    private async Task<List<SystemCall>> TraceAsync(string sync)
    {
        Tracer.SkipUnlessThere();
        var trace = _folder["trace"];
        await using (var beacon = await BeaconProcess.StartAsync(
            BeaconProcess.Arguments(Journal, _firehose.Url, "--Journal:SegmentSize", "65536", "--Journal:Sync", sync, "--Journal:SyncEvery", "00:00:00.001", "--Delivery:DeliverEvery", "00:10:00", "--Delivery:DrainTimeout", "00:00:00"),
            under: Tracer.Under(trace, "-y", "-s", "96", "-e", $"trace={Tracer.Flushes},openat,rename,renameat,renameat2,link,linkat,recvmsg,recvfrom,read,sendmsg,sendto,write")))
        {
            var visitors = new Visitors(1);
            await visitors.VisitWhileAsync(beacon.Url, () => visitors.Kept < Events);
            await beacon.TerminateAsync();
        }

        return SystemCalls.Read(trace);
    }

    private static string Path(SystemCall call) => Descriptor().Match(call.Text).Groups[1].Value;

    [GeneratedRegex(@"^\d+<([^>]*)>")]
    private static partial Regex Descriptor();

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Quoted();
}
