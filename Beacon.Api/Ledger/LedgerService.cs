using Beacon.Api.Journal;
using Microsoft.Extensions.Options;

namespace Beacon.Api.Ledger;

/// <summary>
/// Writes ledger events at full minutes while there is something to tell, at every full hour in any case, and when the
/// beacon stops: after the last request was answered and before what is left is delivered, since it is stopped between the
/// two.
/// </summary>
/// <param name="ledger">Made when the settings are known to be right: it needs the field file, and all that is wrong is told at once.</param>
/// <param name="sink">Where events go.</param>
/// <param name="options">How often.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For what is missing.</param>
internal sealed partial class LedgerService(Lazy<BeaconLedger> ledger, IEventSink sink, IOptions<LedgerOptions> options, TimeProvider time, ILogger<LedgerService> logger) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(evenIfNothing: ledger.Value.HasTold, isLast: true);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (ledger.Value.LacksItsColumn)
        {
            LogNoColumn();
        }

        while (ledger.Value.IsOn)
        {
            var now = time.GetUtcNow();
            var next = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % options.Value.Every.Ticks), TimeSpan.Zero) + options.Value.Every;

            // Timers count whole milliseconds and drop the rest: one more, or it would wake before the minute, again and again.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling((next - now).TotalMilliseconds)), time, stoppingToken);
            await WriteAsync(evenIfNothing: next.UtcTicks % TimeSpan.TicksPerHour == 0, isLast: false);
        }
    }

    private async ValueTask WriteAsync(bool evenIfNothing, bool isLast)
    {
        if (ledger.Value.Take(evenIfNothing, isLast) is not { } entry)
        {
            return;
        }

        if (await sink.AppendAsync(entry.OpenEvent, CancellationToken.None) == AppendResult.Kept)
        {
            ledger.Value.Kept(entry);
        }
        else
        {
            ledger.Value.NotKept();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The field file has no event_name that is a text, so the beacon does not write its counts into the stream.")]
    private partial void LogNoColumn();
}
