namespace LocalCloud.Firehose;

/// <summary>
/// A fault to be had on purpose, so that a producer's way of coping can be tried out.
/// </summary>
/// <param name="Operation"><c>PutRecord</c> or <c>PutRecordBatch</c>.</param>
/// <param name="Calls">How many calls it strikes, from the next one on.</param>
/// <param name="EveryRecord">
/// Null: the whole call fails with <c>ServiceUnavailableException</c>. k: the call succeeds, and every k-th of its records (the
/// k-th, the 2k-th, …; 1 is all of them) is answered with that error code and is not kept. Only for <c>PutRecordBatch</c>.
/// </param>
/// <param name="Stream">The only stream it strikes; any when null.</param>
/// <param name="KeepsRecords">Whether a call that fails as a whole has kept its records nevertheless, as when the answer is lost on its way.</param>
public sealed record FirehoseFault(string Operation, int Calls, int? EveryRecord = null, string? Stream = null, bool KeepsRecords = false);

/// <summary>The faults that are to come, in the order they were asked for. None unless somebody asks.</summary>
public sealed class FirehoseFaults
{
    private readonly Lock _gate = new();
    private readonly List<FirehoseFault> _coming = [];

    /// <summary>The faults that still have calls to strike.</summary>
    public IReadOnlyList<FirehoseFault> Coming
    {
        get
        {
            lock (_gate)
            {
                return [.. _coming];
            }
        }
    }

    /// <summary>Adds a fault behind the others.</summary>
    /// <exception cref="ArgumentException">There is no such fault; the message says why.</exception>
    public void Add(FirehoseFault fault)
    {
        if (fault.Operation is not ("PutRecord" or "PutRecordBatch"))
        {
            throw new ArgumentException("Operation must be PutRecord or PutRecordBatch.");
        }

        if (fault.Calls < 1 || fault.EveryRecord < 1)
        {
            throw new ArgumentException("Calls and EveryRecord must be at least 1.");
        }

        if (fault.EveryRecord is not null && fault.Operation != "PutRecordBatch")
        {
            throw new ArgumentException("EveryRecord is for PutRecordBatch.");
        }

        lock (_gate)
        {
            _coming.Add(fault);
        }
    }

    /// <summary>Forgets all faults.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _coming.Clear();
        }
    }

    /// <summary>The fault that strikes this call, which uses up one of its calls; null when none does.</summary>
    public FirehoseFault? Strike(string operation, string stream)
    {
        lock (_gate)
        {
            var index = _coming.FindIndex(fault => fault.Operation == operation && (fault.Stream is null || fault.Stream == stream));
            if (index < 0)
            {
                return null;
            }

            var fault = _coming[index];
            if (fault.Calls == 1)
            {
                _coming.RemoveAt(index);
            }
            else
            {
                _coming[index] = fault with { Calls = fault.Calls - 1 };
            }

            return fault;
        }
    }
}
