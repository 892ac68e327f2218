namespace Beacon.Api.Journal;

// Several beacons share a folder, each with a journal of its own in a folder below:
//
//   task-<id>/   one journal (EventJournal.cs), its lock included
//
// Invariants
//   1. A journal belongs to whoever holds the lock of its folder, and to nobody else. The lock goes when its process ends,
//      however that ends: at once on a local disk, and on NFS when the server's lease of a machine that is gone runs out.
//   2. A folder that nobody holds is anybody's: a beacon that starts takes it for its own, and one that runs delivers what
//      is left in it (Delivery/OrphanDelivery.cs).
//   3. Folders stay: to delete one would let two processes lock two files of the same name. So there are as many
//      as there ever were beacons at a time, and those of beacons that stopped in order are empty.

/// <summary>The journals of several beacons in one folder, which outlives each of them.</summary>
internal static class SharedFolder
{
    private const string Prefix = "task-";

    /// <summary>Opens a journal of one's own: the first that nobody holds, with what is in it, else a new one.</summary>
    /// <exception cref="ServiceDefaults.StartupException">The folder cannot be used: one sentence that names the setting.</exception>
    public static EventJournal Open(JournalOptions options, TimeProvider time, ILogger<EventJournal> logger)
    {
        foreach (var folder in Below(options.Folder))
        {
            if (JournalLock.TryTake(folder) is { } held)
            {
                return EventJournal.Open(options.In(folder), time, logger, held: held);
            }
        }

        return EventJournal.Open(options.In(Path.Combine(options.Folder, Prefix + Guid.CreateVersion7(time.GetUtcNow()).ToString("N"))), time, logger);
    }

    /// <summary>The next journal with something in it that nobody holds, which is now the caller's to open; null when there is none.</summary>
    /// <param name="options">Where they are.</param>
    /// <param name="isLeftAlone">Folders that are not asked for.</param>
    public static (string Folder, JournalLock Held)? TakeOrphan(JournalOptions options, Predicate<string> isLeftAlone)
    {
        foreach (var folder in Below(options.Folder).Where(folder => !isLeftAlone(folder) && SegmentFormat.Find(folder).Any()))
        {
            if (JournalLock.TryTake(folder) is { } held)
            {
                return (folder, held);
            }
        }

        return null;
    }

    private static string[] Below(string root) =>
        Directory.Exists(root) ? [.. Directory.EnumerateDirectories(root, Prefix + "*").Order(StringComparer.Ordinal)] : [];
}
