using System.Diagnostics;
using Beacon.Api.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Api.Tests.Journal;

/// <summary>Tells what an append costs; run by name, judged by a person.</summary>
public sealed class AppendCost(ITestOutputHelper output)
{
    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Of_an_event_of_600_bytes(int appenders)
    {
        const int Count = 400_000;
        using var folder = new TempFolder();
        using var journal = EventJournal.Open(
            new JournalOptions { Folder = folder.Path }, TimeProvider.System, NullLogger<EventJournal>.Instance);
        var openEvent = Journals.Event("an-event", padding: 550);
        await journal.AppendAsync(openEvent, CancellationToken.None);

        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, appenders).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < Count / appenders; i++)
            {
                await journal.AppendAsync(openEvent, CancellationToken.None);
            }
        })));
        var elapsed = Stopwatch.GetElapsedTime(started);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;

        output.WriteLine($"{appenders} appenders: {elapsed.TotalMicroseconds / Count:F2} µs and {(double)allocated / Count:F1} bytes allocated per event");
    }
}
