using System.Buffers.Text;
using System.Text;
using ServiceDefaults;

namespace Beacon.Api.Journal;

// The events that were accepted and not yet delivered, in one folder:
//
//   journal.lock           held by the one process that may use the folder
//   checkpoint             how far delivery has come (Checkpoint.cs)
//   <first>.journal        segments, each named by its first sequence (layout in SegmentFormat.cs); a file
//                          <first>.journal.keep beside one says that it must not be deleted
//   quarantine/            damaged stretches, copied out with their position (Quarantine.cs)
//   dead-letter/           events that no Firehose record can carry (Delivery/DeadLetters.cs)
//
// Invariants
//   1. An event answered with Kept lies whole in a segment, written to the page cache (and flushed, with Sync=batch or
//      always) before the answer. So a killed process loses none.
//   2. Sequences rise within a segment and from segment to segment, and none is used twice, over all processes:
//      a process begins above the checkpoint, above every intact record and above every segment's name.
//   3. beacon_seq rises by one from 1 within a process (beacon_id). A number is used exactly when its record is
//      published: both happen under the lock, after the write succeeded. Events that come numbered (AppendNumberedAsync)
//      keep what they have, and their order here means nothing.
//   4. The checkpoint never passes an event that is not delivered. It may lag: that costs duplicates.
//
// Writing: under one lock, one write per event, behind the last record of the newest segment. What a failed write left
//   is cut off, or overwritten by the next; it is never published. A process never continues a segment of a former one,
//   so a torn tail stays where it is and nothing is written behind it. A segment that is full, or whose flush failed,
//   is sealed and the next one begun.
// Reading: one reader, in order, up to what is published; a segment of a former process up to its end. What is not an
//   intact record is stepped over and copied to the quarantine; every intact record behind it is found.
// Deleting: a segment goes when the reader has left it and the checkpoint has passed its last record; never the one
//   being written, except that on a full disk a wholly delivered one is sealed first so that its space comes back.
//   One with something in it that could not be copied out is moved to the quarantine instead.
// Unflushed events may be read and delivered before their flush: an event that is answered 503 can still arrive.
//   At least once is the promise, and 503 says only that nothing is promised.

/// <summary>Keeps events on the local disk until delivery has passed them on.</summary>
internal sealed partial class EventJournal : IEventSink, IDisposable, IAsyncDisposable
{
    private static readonly byte[] ProbeBytes = new byte[4096];

    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<EventJournal> _logger;
    private readonly JournalLock _folderLock;
    private readonly Checkpoint _checkpoint;
    private readonly GroupFlush? _groupFlush;
    private readonly byte[] _tail;

    // Guarded by _gate, together with the writer.
    private readonly Lock _gate = new();
    private readonly List<JournalSegment> _segments = [];
    private readonly List<SegmentWriter> _unflushed = []; // sealed, with bytes that no flush has covered
    private SegmentWriter? _writer;
    private byte[] _record = new byte[4096];
    private long _nextSequence;
    private long _lastSequence; // of the newest event known to be there
    private long _beaconSequence;
    private long _delivered;
    private long _size;
    private long _published; // bytes of records, ever: what readers wait for
    private bool _folderIsUnflushed;
    private bool _closed;
    private AppendResult? _blocked;
    private long _refusedSinceBlocked;
    private TaskCompletionSource? _waiter;
    private long _waiterTarget = long.MaxValue;

    private bool _checkpointFails; // the reader's side only

    private EventJournal(JournalOptions options, TimeProvider time, ILogger<EventJournal> logger, JournalLock folderLock)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _folderLock = folderLock;
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
                return new JournalStatus(_size, _beaconSequence, Math.Max(0, _lastSequence - _delivered), _blocked);
            }
        }
    }

    /// <summary>Takes the folder and finds out what is in it.</summary>
    /// <exception cref="StartupException">The folder cannot be used: one sentence that names the setting.</exception>
    public static EventJournal Open(JournalOptions options, TimeProvider time, ILogger<EventJournal> logger)
    {
        DiskError.SurviveFileSizeLimit();
        var folderLock = JournalLock.Take(options.Folder);
        try
        {
            var journal = new EventJournal(options, time, logger, folderLock);
            journal.Recover();
            return journal;
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    public ValueTask<AppendResult> AppendAsync(ReadOnlyMemory<byte> openEvent, CancellationToken cancellationToken) =>
        AppendAsync(openEvent, isNumbered: false);

    /// <summary>
    /// Keeps one event that has its number already: a whole line, with <c>beacon_id</c>, which is <see cref="BeaconId"/>,
    /// and a <c>beacon_seq</c> that is the caller's affair. A process appends either these or open events, never both.
    /// </summary>
    public ValueTask<AppendResult> AppendNumberedAsync(ReadOnlyMemory<byte> line) => AppendAsync(line, isNumbered: true);

    private ValueTask<AppendResult> AppendAsync(ReadOnlyMemory<byte> bytes, bool isNumbered)
    {
        Task<bool> flushed;
        lock (_gate)
        {
            var result = Append_NeedsLock(bytes.Span, isNumbered);
            if (_groupFlush is null || result != AppendResult.Kept)
            {
                return new ValueTask<AppendResult>(result);
            }

            // Joined under the lock: whoever closes the journal takes the lock first, so nobody joins a closed group.
            flushed = _groupFlush.JoinAsync();
        }

        return new ValueTask<AppendResult>(AwaitFlushAsync(flushed));

        static async Task<AppendResult> AwaitFlushAsync(Task<bool> flushed) =>
            await flushed ? AppendResult.Kept : AppendResult.Failed;
    }

    /// <summary>The journal's reader, starting behind the checkpoint. There is one at a time.</summary>
    public JournalReader OpenReader(JournalMetrics metrics, ILogger<JournalReader> logger)
    {
        lock (_gate)
        {
            return new JournalReader(this, _delivered, metrics, logger);
        }
    }

    /// <summary>The oldest segment that begins above a sequence, or null.</summary>
    internal JournalSegment? NextSegment(long above)
    {
        lock (_gate)
        {
            return _segments.Find(segment => segment.FirstSequence > above && !segment.IsLeft);
        }
    }

    /// <summary>Completes when so many bytes of records have been published, counted from the folder's opening.</summary>
    internal Task WaitForPublishedAsync(long target, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_published >= target)
            {
                return Task.CompletedTask;
            }

            _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiterTarget = target;
            return _waiter.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Moves the checkpoint: everything up to and including a sequence is delivered.</summary>
    internal async ValueTask MarkDeliveredAsync(long sequence)
    {
        var closed = Task.FromResult(true);
        lock (_gate)
        {
            if (_closed || sequence <= _delivered)
            {
                return;
            }

            _delivered = sequence;
            if (_blocked is not null && _delivered >= _lastSequence && _writer is { HasRecords: true })
            {
                // The reader leaves it next, and its space comes back once its file is closed.
                SealWriter_NeedsLock();
                closed = _groupFlush?.JoinAsync() ?? closed;
            }
        }

        await closed;
        try
        {
            _checkpoint.Write(sequence);
            _checkpointFails = false;
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            // Deleting segments does not need it, and gives it the room it may lack.
            if (!_checkpointFails)
            {
                LogCheckpointFails(exception.Message);
            }

            _checkpointFails = true;
        }

        DeleteDelivered();
    }

    /// <summary>Deletes what the reader has left and the checkpoint has passed.</summary>
    internal void DeleteDelivered()
    {
        JournalSegment[] done;
        lock (_gate)
        {
            done = [.. _segments.Where(segment => segment.IsLeft && segment.LastRead <= _delivered)];
        }

        foreach (var segment in done)
        {
            try
            {
                segment.Remove(Quarantine);
            }
            catch (Exception exception) when (DiskError.IsExpected(exception))
            {
                LogDeleteFailed(segment.Path, exception.Message);
                continue; // tried again with the next checkpoint
            }

            lock (_gate)
            {
                _segments.Remove(segment);
                _size -= segment.Published;
            }
        }
    }

    /// <summary>
    /// Finds out whether a blocked journal could append again. A load balancer that took the beacon away sends nothing
    /// that would find out, so somebody has to ask.
    /// </summary>
    internal void TryUnblock()
    {
        lock (_gate)
        {
            if (_closed || _blocked is null || _size + ProbeBytes.Length > _options.MaxSize)
            {
                return;
            }

            try
            {
                _writer ??= BeginSegment_NeedsLock();
                _writer.Probe(ProbeBytes, flush: _groupFlush is not null);
                Unblock_NeedsLock();
            }
            catch (Exception exception) when (DiskError.IsExpected(exception))
            {
                if (DiskError.IsTooLarge(exception) && _writer is { HasRecords: true })
                {
                    SealWriter_NeedsLock();
                }
            }
        }
    }

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
        }

        if (_groupFlush is not null)
        {
            await _groupFlush.DisposeAsync();
        }

        lock (_gate)
        {
            SealWriter_NeedsLock();
            _unflushed.ForEach(writer => writer.Dispose());

            // With everything delivered nothing needs to be read at the next start.
            if (_delivered >= _lastSequence)
            {
                foreach (var segment in _segments.Where(segment => segment.LastRead > 0))
                {
                    segment.IsLeft = true;
                }
            }
        }

        DeleteDelivered();
        _folderLock.Dispose();
    }

    /// <summary>
    /// Lists the segments and finds the next sequence. Only the newest is read through: the others' damage is met,
    /// and dealt with, when delivery reads them.
    /// </summary>
    private void Recover()
    {
        try
        {
            _delivered = _checkpoint.Read();
            foreach (var (first, path) in SegmentFormat.Find(_options.Folder))
            {
                RefuseNewerLayout(path);
                _segments.Add(new JournalSegment(first, path, new FileInfo(path).Length, isSealed: true));
            }

            _nextSequence = _delivered + 1;
            if (_segments.Count > 0)
            {
                var newest = _segments[^1];
                _lastSequence = LastSequence(newest);
                _nextSequence = Math.Max(_nextSequence, Math.Max(newest.FirstSequence, _lastSequence) + 1);
                _lastSequence = Math.Max(_lastSequence, newest.FirstSequence - 1);
                _delivered = Math.Max(_delivered, _segments[0].FirstSequence - 1);
            }

            _lastSequence = Math.Max(_lastSequence, _delivered);

            // Left over by a process that ended between its checkpoint and the deletion.
            for (var i = 0; i + 1 < _segments.Count; i++)
            {
                _segments[i].IsLeft = _segments[i + 1].FirstSequence <= _delivered + 1;
            }

            _size = _segments.Sum(segment => segment.Published);
            _published = _segments.Where(segment => !segment.IsLeft).Sum(segment => segment.Content);
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            throw JournalLock.Refuse($"'{_options.Folder}' cannot be read: {exception.Message}", exception);
        }

        DeleteDelivered();
        LogOpened(_options.Folder, _segments.Count, _size, _lastSequence - _delivered);
    }

    private void RefuseNewerLayout(string path)
    {
        Span<byte> header = stackalloc byte[SegmentFormat.HeaderSize];
        using var file = File.OpenHandle(path);
        var read = RandomAccess.Read(file, header, 0);
        if (SegmentFormat.ReadVersion(header[..read]) is { } version and not SegmentFormat.Version)
        {
            throw JournalLock.Refuse(
                $"'{_options.Folder}' holds segments of layout {version}, and this beacon reads layout {SegmentFormat.Version}; use the version that wrote them.");
        }
    }

    private static long LastSequence(JournalSegment segment)
    {
        long last = 0;
        using var scanner = SegmentScanner.Open(segment.Path, segment.FirstSequence);
        for (var step = scanner.Next(segment.Published); step != ScanResult.End; step = scanner.Next(segment.Published))
        {
            if (step == ScanResult.Record)
            {
                last = Math.Max(last, scanner.Record.Sequence);
            }
        }

        return last;
    }

    private AppendResult Append_NeedsLock(ReadOnlySpan<byte> bytes, bool isNumbered)
    {
        if (_closed)
        {
            return AppendResult.Failed;
        }

        var payload = BuildPayload_NeedsLock(bytes, isNumbered ? null : _beaconSequence + 1);
        var record = _record.AsSpan(0, SegmentFormat.RecordSize(payload));
        if (_size + record.Length + SegmentFormat.HeaderSize > _options.MaxSize)
        {
            return Refuse_NeedsLock(AppendResult.Full, $"{nameof(JournalOptions.MaxSize)} is reached");
        }

        try
        {
            Write_NeedsLock(record, payload);
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            return Refuse_NeedsLock(DiskError.IsFull(exception) ? AppendResult.Full : AppendResult.Failed, exception.Message);
        }

        _lastSequence = _nextSequence++;
        _beaconSequence++;
        _size += record.Length;
        _published += record.Length;
        if (_published >= _waiterTarget)
        {
            _waiterTarget = long.MaxValue;
            _waiter!.TrySetResult();
        }

        if (_groupFlush is null)
        {
            Unblock_NeedsLock();
        }

        return AppendResult.Kept;
    }

    private void Write_NeedsLock(Span<byte> record, int payload)
    {
        // A record larger than a segment gets one of its own.
        if (_writer is { HasRecords: true } && _writer.Length + record.Length > _options.EffectiveSegmentSize)
        {
            SealWriter_NeedsLock();
        }

        for (var first = true; ; first = false)
        {
            _writer ??= BeginSegment_NeedsLock();
            SegmentFormat.SealRecord(record, payload, _writer.Segment.FirstSequence, _nextSequence, _time.GetUtcNow());
            try
            {
                _writer.Append(record);
                return;
            }
            catch (Exception exception) when (first && _writer.HasRecords && DiskError.IsTooLarge(exception))
            {
                SealWriter_NeedsLock(); // the process's file-size limit is below our segments': make do with smaller ones
            }
        }
    }

    private SegmentWriter BeginSegment_NeedsLock()
    {
        var writer = SegmentWriter.Create(_options.Folder, _nextSequence, _time.GetUtcNow());
        _segments.Add(writer.Segment);
        _size += SegmentFormat.HeaderSize;
        _folderIsUnflushed = true;
        return writer;
    }

    private void SealWriter_NeedsLock()
    {
        if (_writer is null)
        {
            return;
        }

        _writer.Segment.Seal();
        if (!_writer.HasRecords)
        {
            // Its name is spent: a next segment of the same one would be neither read nor safe from this one's deletion.
            _nextSequence++;
            _writer.Dispose();
        }
        else if (_groupFlush is null)
        {
            _writer.Dispose();
        }
        else
        {
            _unflushed.Add(_writer);
        }

        _writer = null;
    }

    /// <summary>Lays the event out at the record's payload and returns its length.</summary>
    private int BuildPayload_NeedsLock(ReadOnlySpan<byte> openEvent, long? beaconSequence)
    {
        const int MostDigits = 20;
        var room = SegmentFormat.RecordHeaderSize + openEvent.Length + _tail.Length + MostDigits + 2 + SegmentFormat.Alignment;
        if (_record.Length < room)
        {
            _record = new byte[Math.Max(room, _record.Length * 2)];
        }

        var payload = _record.AsSpan(SegmentFormat.RecordHeaderSize);
        openEvent.CopyTo(payload);
        var length = openEvent.Length;
        if (beaconSequence is not { } number)
        {
            return length;
        }

        _tail.CopyTo(payload[length..]);
        length += _tail.Length;
        Utf8Formatter.TryFormat(number, payload[length..], out var digits);
        length += digits;
        payload[length++] = (byte)'}';
        payload[length++] = (byte)'\n';
        return length;
    }

    private AppendResult Refuse_NeedsLock(AppendResult result, string reason)
    {
        _refusedSinceBlocked++;
        if (_blocked != result)
        {
            _blocked = result;
            LogBlocked(_options.Folder, reason);
        }

        return result;
    }

    private void Unblock_NeedsLock()
    {
        if (_blocked is null)
        {
            return;
        }

        LogUnblocked(_options.Folder, _refusedSinceBlocked);
        _blocked = null;
        _refusedSinceBlocked = 0;
    }

    /// <summary>Flushes all that was written before the call; on the committer, beside appends.</summary>
    private bool FlushWritten()
    {
        SegmentWriter[] closed;
        SegmentWriter? open;
        bool folder;
        lock (_gate)
        {
            closed = [.. _unflushed];
            _unflushed.Clear();
            open = _writer;
            folder = _folderIsUnflushed;
            _folderIsUnflushed = false;
        }

        var flushed = true;
        foreach (var writer in closed)
        {
            flushed &= TryFlush(writer, folder);
            writer.Dispose();
        }

        flushed &= open is null || TryFlush(open, folder);
        if (flushed)
        {
            // Not at the append: with a disk that takes writes and refuses flushes, every round would log twice.
            lock (_gate)
            {
                Unblock_NeedsLock();
            }
        }

        return flushed;
    }

    private bool TryFlush(SegmentWriter writer, bool folder)
    {
        if (writer.IsCondemned)
        {
            return false;
        }

        try
        {
            writer.Flush();
            if (folder)
            {
                FolderFlush.Flush(_options.Folder);
            }

            return true;
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            lock (_gate)
            {
                writer.IsCondemned = true;
                _folderIsUnflushed |= folder;
                if (_writer == writer)
                {
                    SealWriter_NeedsLock();
                }

                Refuse_NeedsLock(AppendResult.Failed, $"a flush failed: {exception.Message}");
            }

            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "The journal in {Folder} has {Segments} segments ({Size} bytes) with {Undelivered} undelivered events.")]
    private partial void LogOpened(string folder, int segments, long size, long undelivered);

    [LoggerMessage(LogLevel.Error, "The journal in {Folder} refuses events: {Reason}")]
    private partial void LogBlocked(string folder, string reason);

    [LoggerMessage(LogLevel.Warning, "The journal in {Folder} takes events again; {Refused} were refused.")]
    private partial void LogUnblocked(string folder, long refused);

    [LoggerMessage(LogLevel.Warning, "The checkpoint cannot be written; after a restart some events would be delivered twice. {Reason}")]
    private partial void LogCheckpointFails(string reason);

    [LoggerMessage(LogLevel.Warning, "The delivered segment {Path} cannot be deleted: {Reason}")]
    private partial void LogDeleteFailed(string path, string reason);
}

/// <summary>What a journal holds at a moment.</summary>
/// <param name="Size">Bytes of its segments on disk.</param>
/// <param name="Appended">Events that this process appended.</param>
/// <param name="Undelivered">Events behind the checkpoint, counted by sequence: damaged ones included.</param>
/// <param name="Blocked">Why it refuses events, null while it takes them.</param>
internal readonly record struct JournalStatus(long Size, long Appended, long Undelivered, AppendResult? Blocked);
