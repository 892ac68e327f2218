namespace Beacon.Api.Journal;

/// <summary>
/// Opens the journal when the host starts, so that an unusable folder stops the start, and then has it look after itself
/// every second.
/// </summary>
internal sealed class JournalWatch : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly EventJournal _journal;
    private readonly TimeProvider _time;

    public JournalWatch(EventJournal journal, JournalMetrics metrics, TimeProvider time)
    {
        _journal = journal;
        _time = time;
        metrics.Observe(journal);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                _journal.Tick();
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }
}
