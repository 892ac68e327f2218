using System.Text;
using ServiceDefaults;

namespace Beacon.Api.Journal;

// The events that were accepted and not yet delivered, in one folder:
//
//   journal.lock           held by the one process that may use the folder
//   checkpoint             how far delivery has come (Checkpoint.cs)
//   <first>.journal        segments, each named by its first sequence (layout in SegmentFormat.cs); a file
//                          <first>.journal.keep beside one says that it must not be deleted
//   next.segment, spare.segment   files that will be segments; they hold nothing (SegmentPreparer.cs)
//   quarantine/            damaged stretches, copied out with their position (Quarantine.cs)
//   dead-letter/           events that no Firehose record can carry (Delivery/DeadLetters.cs)
//
// Invariants
//   1. An event answered with Kept lies whole in a segment, in the page cache (and flushed, with Sync=batch or always)
//      before the answer. So a killed process loses none.
//   2. Sequences rise within a segment and from segment to segment, and none is used twice, over all processes:
//      a process begins above the checkpoint, above every intact record and above every segment's name.
//   3. beacon_seq rises by one from 1 within a process (beacon_id). Place, sequence and number are given in one step, when
//      nothing can refuse the event any more. Only a kill between that and the record's publication leaves a number
//      without an event, and that event was not answered. Events that come numbered keep what they have.
//   4. The checkpoint never passes an event that is not delivered. It may lag: that costs duplicates.
//   5. At most one segment is being written: _mapped or _written, never both; both are null only until the next append.
//
// Writing, mapped (the rule): a writer takes a place in the segment by compare-and-swap (SegmentCursor.cs), copies its event
//   there, publishes the length last and notes the place as filled: no lock and no system call. Writers may be stopped
//   anywhere: those behind them are published, answered, and found after a kill, because every record carries magic, length and a
//   checksum over both and over the segment's name, and the reader finds its way past one that lacks them.
// Writing, through the file: under the lock, one write per event, behind the last record. Where JournalOptions.Access says
//   so, while no prepared file is ready, where there is no room for one, and for an event larger than a segment. What a failed
//   write left is cut off, or overwritten by the next; it is never published.
// A process never continues a segment of a former one, so a torn tail stays where it is and nothing is written behind it.
//   A segment that is full, or whose flush failed, is sealed and the next one begun. A mapping goes when its segment is
//   sealed and every place in it is filled.
// Reading: one reader, in order, up to what is published; a segment of a former process up to its end. What is not an
//   intact record is stepped over and copied to the quarantine; every intact record behind it is found.
// Deleting: a segment goes when the reader has left it and the checkpoint has passed its last record; never the one
//   being written, except that on a full disk a wholly delivered one is sealed first so that its space comes back.
//   One with something in it that could not be copied out is moved to the quarantine instead; the file of a mapped one is used again.
// Unflushed events may be read and delivered before their flush: an event that is answered 503 can still arrive.
//   At least once is the promise, and 503 says only that nothing is promised.
//
// The files of this class: this one (opening, appending, closing), .Recovery.cs (what a former process left), .Segments.cs (what
//   is done under the lock), .Flushing.cs (Sync=batch|always), .Reading.cs (what the delivery uses).

/// <summary>Keeps events on the local disk until delivery has passed them on.</summary>
internal sealed partial class EventJournal : IEventSink, IDisposable, IAsyncDisposable
{
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<EventJournal> _logger;
    private readonly JournalLock _folderLock;
    private readonly DiskFlush _disk;
    private readonly Checkpoint _checkpoint;
    private readonly GroupFlush? _groupFlush;
    private readonly SegmentPreparer? _preparer;
    private readonly byte[] _tail;

    // Changed under _gate; _mapped and _published are also read without it.
    private readonly Lock _gate = new();
    private readonly List<JournalSegment> _segments = [];
    private readonly List<LiveSegment> _unflushed = []; // sealed, with bytes that no flush has covered
    private readonly List<MappedSegment> _emptying = []; // sealed, with writers that may still be busy
    private volatile MappedSegment? _mapped;
    private WrittenSegment? _written;
    private byte[] _record = new byte[4096];
    private long _nextSequence; // of the next segment's first record while _mapped, else of the next record
    private long _lastSequence; // of the newest event known to be there, less those in _mapped
    private long _beaconSequence; // the same, of numbers
    private long _delivered;
    private long _size;
    private long _published; // bytes of records, ever, less those in _mapped: what readers wait for
    private bool _folderIsUnflushed;
    private bool _closed;
    private AppendResult? _blocked;
    private long _refusedSinceBlocked;
    private TaskCompletionSource? _waiter;
    private long _waiterTarget = long.MaxValue;

    private EventJournal(JournalOptions options, TimeProvider time, ILogger<EventJournal> logger, JournalLock folderLock, DiskFlush disk)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _folderLock = folderLock;
        _disk = disk;
        _checkpoint = new Checkpoint(options.Folder);
        Quarantine = new Quarantine(options.Folder);
        BeaconId = Guid.CreateVersion7(time.GetUtcNow()).ToString();
        _tail = Encoding.UTF8.GetBytes($",\"beacon_id\":\"{BeaconId}\",\"beacon_seq\":");
        _groupFlush = options.Sync switch
        {
            JournalSync.Batch => new GroupFlush(FlushWritten, options.SyncEvery, time),
            JournalSync.Always => new GroupFlush(FlushWritten, TimeSpan.Zero, time),
            _ => null,
        };
        _preparer = options.MapsSegments()
            ? new SegmentPreparer(options.Folder, (int)options.EffectiveSegmentSize, PreparationFailed, SpareTaken)
            : null;
    }

    /// <summary>Names this process's numbering of events.</summary>
    public string BeaconId { get; }

    public Quarantine Quarantine { get; }

    public string Folder => _options.Folder;

    public bool CanAppend
    {
        get
        {
            lock (_gate)
            {
                return !_closed && _blocked is null;
            }
        }
    }

    public JournalStatus Status
    {
        get
        {
            lock (_gate)
            {
                var mapped = _mapped?.Cursor.Count ?? 0;
                var last = mapped > 0 ? _mapped!.Segment.FirstSequence + mapped - 1 : _lastSequence;
                return new JournalStatus(_size, _beaconSequence + mapped, Math.Max(0, last - _delivered), _blocked);
            }
        }
    }

    /// <summary>Takes the folder and finds out what is in it.</summary>
    /// <param name="options">Checked by their validator.</param>
    /// <param name="time">Stamps events and measures the gathering of flushes.</param>
    /// <param name="logger">Is told when the journal refuses events, and when it takes them again.</param>
    /// <param name="disk">What flushes, <see cref="DiskFlush.Real"/> when null.</param>
    /// <param name="held">The folder's lock when the caller has it already; from now on it is the journal's.</param>
    /// <exception cref="StartupException">The folder cannot be used: one sentence that names the setting.</exception>
    public static EventJournal Open(JournalOptions options, TimeProvider time, ILogger<EventJournal> logger, DiskFlush? disk = null, JournalLock? held = null)
    {
        DiskError.SurviveFileSizeLimit();
        var folderLock = held ?? JournalLock.Take(options.Folder);
        EventJournal? journal = null;
        try
        {
            journal = new EventJournal(options, time, logger, folderLock, disk ?? DiskFlush.Real);
            journal.Recover();
            journal.PrepareFirst();
            return journal;
        }
        catch
        {
            journal?._preparer?.Dispose();
            folderLock.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(ReadOnlyMemory<byte> openEvent, CancellationToken cancellationToken) =>
        Append(openEvent.Span, _tail);

    /// <summary>
    /// Keeps an event that has its beacon_id and beacon_seq already. In one process either all events come here or none:
    /// the journal's own numbers would know nothing of theirs.
    /// </summary>
    /// <param name="numberedEvent">One whole JSON object in UTF-8 with its line feed.</param>
    /// <returns>As <see cref="AppendAsync"/>.</returns>
    public ValueTask<AppendResult> AppendNumberedAsync(ReadOnlyMemory<byte> numberedEvent) => Append(numberedEvent.Span, default);

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            if (_mapped is { } last)
            {
                last.IsCutAtEnd = true;
            }

            SealCurrent_NeedsLock();
        }

        WaitForWriters();
        if (_groupFlush is not null)
        {
            await _groupFlush.DisposeAsync();
        }

        lock (_gate)
        {
            _unflushed.ForEach(segment => segment.Dispose()); // the committer is gone

            // With everything delivered nothing needs to be read at the next start.
            if (_delivered >= _lastSequence)
            {
                foreach (var segment in _segments.Where(segment => segment.LastRead > 0))
                {
                    segment.IsLeft = true;
                }
            }
        }

        _preparer?.Dispose();
        DeleteDelivered();
        _folderLock.Dispose();
    }

    private ValueTask<AppendResult> Append(ReadOnlySpan<byte> start, ReadOnlySpan<byte> tail)
    {
        var mapped = _mapped;
        if (mapped is null || !TryReserve(mapped, start, tail, out var place))
        {
            lock (_gate)
            {
                var result = ReserveOrWrite_NeedsLock(start, tail, out mapped, out place);
                if (mapped is null)
                {
                    // Joined under the lock: a flush takes it to see what there is, so this one's bytes are in its sight.
                    return _groupFlush is null || result != AppendResult.Kept
                        ? new ValueTask<AppendResult>(result)
                        : new ValueTask<AppendResult>(AwaitFlushAsync(_groupFlush.JoinAsync(), _written!));
                }
            }
        }

        mapped.Write(place, start, tail, _time.GetUtcNow());

        // Before the place counts as filled: a segment whose places all are has no writer that could still join a round.
        var joined = _groupFlush?.JoinAsync();
        mapped.Cursor.Complete(place);
        TellReader();
        _preparer!.Pace(place.Offset, place.Offset + place.Size);

        return joined is null ? new ValueTask<AppendResult>(AppendResult.Kept) : new ValueTask<AppendResult>(AwaitFlushAsync(joined, mapped));

        async Task<AppendResult> AwaitFlushAsync(Task<bool> flushed, LiveSegment segment)
        {
            if (await flushed && !segment.IsCondemned)
            {
                return AppendResult.Kept;
            }

            Interlocked.Increment(ref _refusedSinceBlocked);
            return AppendResult.Failed;
        }
    }

    private static bool TryReserve(MappedSegment segment, ReadOnlySpan<byte> start, ReadOnlySpan<byte> tail, out RecordPlace place) =>
        tail.IsEmpty
            ? segment.Cursor.TryReserve(start.Length, null, out place)
            : segment.Cursor.TryReserve(start.Length + tail.Length + SegmentFormat.EventEnd.Length, segment.FirstNumber, out place);

    /// <summary>Waits until nobody is between taking a place and filling it; the wait is that of a copy, and no more can come.</summary>
    private void WaitForWriters()
    {
        MappedSegment[] emptying;
        lock (_gate)
        {
            emptying = [.. _emptying];
        }

        foreach (var segment in emptying)
        {
            for (var wait = new SpinWait(); !segment.Cursor.IsWhole(out _);)
            {
                wait.SpinOnce();
            }
        }
    }
}

/// <summary>What a journal holds at a moment.</summary>
/// <param name="Size">Bytes of its segments on disk.</param>
/// <param name="Appended">Events that this process appended.</param>
/// <param name="Undelivered">Events behind the checkpoint, counted by sequence: damaged ones included.</param>
/// <param name="Blocked">Why it refuses events, null while it takes them.</param>
internal readonly record struct JournalStatus(long Size, long Appended, long Undelivered, AppendResult? Blocked);
