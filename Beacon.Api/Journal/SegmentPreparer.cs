namespace Beacon.Api.Journal;

// Makes the next mapped segment ready before it is needed, and puts away those that are done with; on a thread of its own,
// because it writes megabytes to the disk.
//
//   next.segment    the file that is being filled, or is ready
//   spare.segment   a delivered segment's file that will be filled next (SpareFile.cs)
//
// Neither holds anything: what is found of them at a start is deleted. Old records in a file that is used again cannot
// come back: it is filled with zeros, and a record's checksum covers the name that its segment had.
//
// Rules: _gate guards the fields below it and is held for moments only, never while the disk works: requests take it. The
// journal calls with its own lock held, so nothing here may take that one but the thread, which then holds none. Filling
// keeps pace with the segment in use (each call of Pace allows one more stretch), so that it never takes a core for itself;
// when the journal has run out of segments it goes on at once.

/// <summary>Prepares the files of mapped segments in the background.</summary>
internal sealed class SegmentPreparer : IDisposable
{
    private const int Stretches = 32;

    private readonly string _folder;
    private readonly int _length;
    private readonly int _stretchLength;
    private readonly Action<Exception> _failed;
    private readonly Action _spareTaken;
    private readonly SpareFile _spare;
    private readonly SemaphoreSlim _work = new(0);
    private readonly Thread _thread;

    private readonly Lock _gate = new();
    private readonly List<MappedSegment> _done = [];
    private PreparedFile? _ready;
    private bool _wanted;
    private bool _hurried;
    private bool _stopping;
    private int _allowed;

    /// <param name="folder">The journal's.</param>
    /// <param name="length">The size of a segment.</param>
    /// <param name="failed">Told when a file could not be prepared; the space it took is free again then.</param>
    /// <param name="spareTaken">Told when a kept file becomes the one that is prepared: it is one file from then on, not two.</param>
    public SegmentPreparer(string folder, int length, Action<Exception> failed, Action spareTaken)
    {
        _spareTaken = spareTaken;
        _folder = folder;
        _spare = new SpareFile(folder);
        _length = length;
        _failed = failed;
        _stretchLength = Math.Max(length / Stretches, 1);
        _thread = new Thread(Run) { IsBackground = true, Name = "journal segments" };
        _thread.Start();
    }

    /// <summary>Whether no file is ready or being prepared.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return !_wanted && _ready is null;
            }
        }
    }

    private string NextPath => Path.Combine(_folder, "next.segment");

    /// <summary>Deletes what a former process left.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    public void Clean()
    {
        File.Delete(NextPath);
        _spare.Clean();
    }

    /// <summary>Prepares one file here and now.</summary>
    /// <exception cref="IOException">The disk refuses; nothing is left behind.</exception>
    public void PrepareNow()
    {
        var file = Open();
        try
        {
            file.Fill(_length);
        }
        catch
        {
            Discard(file);
            throw;
        }

        lock (_gate)
        {
            _ready = file;
        }
    }

    /// <summary>Asks for one more file. The journal counts its space from now on.</summary>
    public void Want()
    {
        lock (_gate)
        {
            _wanted = true;
            _hurried = false;
            _allowed = 0;
            Wake_NeedsLock();
        }
    }

    /// <summary>Tells how far the segment in use is filled: for each stretch of it, the next one goes two further and is ready at half.</summary>
    public void Pace(long before, long now)
    {
        var stretches = (int)((now / _stretchLength) - (before / _stretchLength));
        if (stretches == 0)
        {
            return;
        }

        lock (_gate)
        {
            if (!_wanted)
            {
                return;
            }

            _allowed += 2 * stretches;
            Wake_NeedsLock();
        }
    }

    /// <summary>The file that is ready, or null.</summary>
    /// <param name="hurry">Whether to go on at once when it is not ready.</param>
    public PreparedFile? TryTake(bool hurry)
    {
        lock (_gate)
        {
            if (_ready is { } file)
            {
                _ready = null;
                return file;
            }

            if (!_wanted || _hurried || !hurry)
            {
                return null;
            }

            _hurried = true;
            Wake_NeedsLock();
            return null;
        }
    }

    /// <summary>Gives up the file that is being prepared, or is ready.</summary>
    /// <returns>Whether there was one: the journal no longer counts its space.</returns>
    public bool TryCancel()
    {
        PreparedFile? ready;
        lock (_gate)
        {
            ready = _ready;
            _ready = null;
            if (ready is null)
            {
                var wanted = _wanted;
                _wanted = false;
                Wake_NeedsLock();
                return wanted;
            }
        }

        Discard(ready);
        return true;
    }

    /// <summary>Takes a file back that could not be used: somebody may have deleted it, so another one is made.</summary>
    public void GiveUp(PreparedFile file) => Discard(file);

    /// <summary>Takes a sealed segment: its mapping goes when its last writer has gone.</summary>
    public void PutAway(MappedSegment segment)
    {
        lock (_gate)
        {
            _done.Add(segment);
            Wake_NeedsLock();
        }
    }

    /// <summary>Takes the file of a segment that is done with, to be used again; false when it has one already.</summary>
    /// <exception cref="IOException">The folder refuses; the file is as it was.</exception>
    public bool TryKeep(string path)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return false;
            }
        }

        return _spare.TryKeep(path);
    }

    /// <summary>Gives up the file that waits to be used again.</summary>
    /// <returns>Whether there was one: its space is free.</returns>
    /// <exception cref="IOException">The folder refuses; the file is still there.</exception>
    public bool DropSpare() => _spare.TryDrop();

    /// <summary>Ends the thread, unmaps and deletes. Every segment that was put away must be whole.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            Wake_NeedsLock();
            _stopping = true;
        }

        _thread.Join();
        PutAwayDone();
        _ready?.Dispose();
        try
        {
            Clean();
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            // The next start does it.
        }

        _work.Dispose();
    }

    /// <summary>Not after the end: a request may tell of its bytes when it has long been answered for.</summary>
    private void Wake_NeedsLock()
    {
        if (!_stopping)
        {
            _work.Release();
        }
    }

    private void Run()
    {
        PreparedFile? file = null;
        while (true)
        {
            _work.Wait();
            PutAwayDone();
            int allowed;
            lock (_gate)
            {
                if (_stopping)
                {
                    file?.Dispose();
                    return;
                }

                allowed = !_wanted ? 0 : _hurried ? Stretches + 1 : _allowed;
                _allowed = 0;
            }

            if (allowed == 0)
            {
                file = DiscardUnwanted(file);
                continue;
            }

            try
            {
                file ??= Open();
                file.Fill((int)Math.Min(_length, (long)allowed * _stretchLength));
            }
            catch (Exception exception) when (DiskError.IsExpected(exception))
            {
                Discard(file);
                file = null;
                bool counted;
                lock (_gate)
                {
                    counted = _wanted;
                    _wanted = false;
                }

                if (counted)
                {
                    _failed(exception);
                }

                continue;
            }

            lock (_gate)
            {
                if (_wanted && file.IsFilled)
                {
                    _ready = file;
                    _wanted = false;
                    file = null;
                }
            }

            file = DiscardUnwanted(file);
        }
    }

    private PreparedFile? DiscardUnwanted(PreparedFile? file)
    {
        lock (_gate)
        {
            if (file is null || _wanted)
            {
                return file;
            }
        }

        Discard(file);
        return null;
    }

    private PreparedFile Open()
    {
        if (_spare.TryTake(NextPath))
        {
            _spareTaken();
        }

        try
        {
            return PreparedFile.Open(NextPath, _length);
        }
        catch
        {
            Discard(null);
            throw;
        }
    }

    private void Discard(PreparedFile? file)
    {
        file?.Dispose();
        try
        {
            File.Delete(NextPath);
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            // The next attempt takes it over.
        }
    }

    private void PutAwayDone()
    {
        MappedSegment[] done;
        lock (_gate)
        {
            if (_done.Count == 0)
            {
                return;
            }

            done = [.. _done.Where(segment => segment.Cursor.IsWhole(out _))];
            _done.RemoveAll(done.Contains);
        }

        foreach (var segment in done)
        {
            segment.Dispose();
        }
    }
}
