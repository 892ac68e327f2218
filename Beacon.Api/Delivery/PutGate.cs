namespace Beacon.Api.Delivery;

/// <summary>Whether a request may put to Firehose now.</summary>
internal enum Pass
{
    /// <summary>No: Firehose failed a moment ago, and somebody else finds out whether it still does.</summary>
    None,

    /// <summary>Yes: as far as anybody knows it works.</summary>
    Free,

    /// <summary>Yes, to find out: nobody else may until this put has ended.</summary>
    Probe,
}

/// <summary>Keeps requests from waiting, one after the other, for a Firehose that does not answer.</summary>
/// <remarks>
/// Invariants. Open: everyone passes. A failure shuts it for a time that <see cref="BackOff"/> draws; when it is over, one
/// put passes as the probe. Any success opens it; only the probe's failure shuts it for longer, so that the many puts that
/// were on their way when an outage began count as one failure. Every pass that is given must come back through
/// <see cref="Ended"/>.
/// </remarks>
internal sealed class PutGate(BackOff backOff, TimeProvider time)
{
    private readonly Lock _gate = new();
    private bool _shut;
    private bool _probing;
    private long _shutAt; // the clock's timestamp
    private TimeSpan _wait;

    public bool IsShut
    {
        get
        {
            lock (_gate)
            {
                return _shut;
            }
        }
    }

    public Pass Enter()
    {
        lock (_gate)
        {
            if (!_shut)
            {
                return Pass.Free;
            }

            if (_probing || time.GetElapsedTime(_shutAt) < _wait)
            {
                return Pass.None;
            }

            _probing = true;
            return Pass.Probe;
        }
    }

    /// <summary>Notes how the put of a pass ended.</summary>
    public void Ended(Pass pass, PutFailure? failure)
    {
        lock (_gate)
        {
            _probing &= pass != Pass.Probe;
            if (failure is null)
            {
                _shut = false;
                backOff.Succeeded();
            }
            else if (!_shut || pass == Pass.Probe)
            {
                _shut = true;
                _shutAt = time.GetTimestamp();
                _wait = backOff.Failed(failure.Throttled);
            }
        }
    }
}
