using Amazon.KinesisFirehose;
using Beacon.Api.Delivery.Quiet;
using Beacon.Api.Identity;
using Beacon.Api.Journal;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;
using ServiceDefaults;

namespace Beacon.Api.Delivery;

/// <summary>
/// Delivers what beacons that are gone have left in a shared folder (<see cref="JournalOptions.Shared"/>): one journal at a
/// time, as it would its own, and keeps its lock meanwhile, so that each is one beacon's work. A beacon that stops leaves the
/// rest to the others.
/// </summary>
internal sealed partial class OrphanDelivery(
    EventJournal own, IServiceProvider services, DeliveryMetrics metrics, JournalMetrics journalMetrics, QuietThread thread,
    IOptions<JournalOptions> journal, IOptions<DeliveryOptions> delivery, IOptions<LakeOptions> lake, TimeProvider time, ILoggerFactory loggers) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private readonly ILogger<OrphanDelivery> _logger = loggers.CreateLogger<OrphanDelivery>();
    private readonly HashSet<string> _unusable = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(journal.Value.AdoptEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await AdoptAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task AdoptAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (SharedFolder.TakeOrphan(journal.Value, folder => folder == own.Folder || _unusable.Contains(folder)) is { } orphan)
            {
                await DeliverAsync(orphan.Folder, orphan.Held, stoppingToken);
            }
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            LogCannotLook(journal.Value.Folder, exception.Message);
        }
    }

    private async Task DeliverAsync(string folder, JournalLock held, CancellationToken stoppingToken)
    {
        EventJournal orphan;
        try
        {
            // Nothing is appended to it: no segment need be made ready.
            orphan = EventJournal.Open(journal.Value.In(folder, JournalAccess.Written), time, loggers.CreateLogger<EventJournal>(), held: held);
        }
        catch (StartupException exception)
        {
            _unusable.Add(folder); // said once; another version may be able to read it
            LogUnusable(exception.Message);
            return;
        }

        await using (orphan)
        {
            var left = orphan.Status.Undelivered;
            var started = time.GetTimestamp();
            await UntilDeliveredAsync(orphan, stoppingToken);
            LogAdopted(folder, left - orphan.Status.Undelivered, left, time.GetElapsedTime(started));
        }
    }

    private async Task UntilDeliveredAsync(EventJournal orphan, CancellationToken stoppingToken)
    {
        // A state of its own: the beacon's own backlog is another matter.
        var state = new DeliveryState(() => orphan.Status.Undelivered, delivery, time, loggers.CreateLogger<DeliveryState>());
        var sender = new FirehoseSender(services.GetRequiredService<IAmazonKinesisFirehose>, lake.Value.EventStreamName, state, metrics, time, services.GetRequiredService<BeaconCredentials>().ForStream);
        using var service = new DeliveryService(
            orphan, sender, state, metrics, journalMetrics, thread, delivery, time, Random.Shared.NextDouble, loggers);
        await service.StartAsync(CancellationToken.None);
        try
        {
            while (orphan.Status.Undelivered > 0 && service.ExecuteTask is { IsCompleted: false })
            {
                await Task.Delay(LookEvery, time, stoppingToken);
            }
        }
        finally
        {
            // In order when all is delivered; else at once: what is left is still there.
            await service.StopAsync(new CancellationToken(orphan.Status.Undelivered > 0));
        }

        await service.ExecuteTask!; // a defect stops the host, as it does in the beacon's own delivery
    }

    [LoggerMessage(LogLevel.Information, "Of {Left} events that a beacon which is gone left in '{Folder}', {Delivered} were delivered in {Elapsed}.")]
    private partial void LogAdopted(string folder, long delivered, long left, TimeSpan elapsed);

    [LoggerMessage(LogLevel.Error, "What a beacon which is gone left cannot be delivered: {Reason}")]
    private partial void LogUnusable(string reason);

    [LoggerMessage(LogLevel.Error, "'{Folder}' cannot be looked through for what other beacons left: {Reason}")]
    private partial void LogCannotLook(string folder, string reason);
}
