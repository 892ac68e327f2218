namespace Beacon.Api.Delivery;

/// <summary>
/// How long to wait before a batch is sent again: exponential, with full jitter, so that many beacons do not come back
/// in step (AWS Architecture Blog, "Exponential Backoff And Jitter").
/// </summary>
/// <remarks>
/// A pure state machine: it neither waits nor looks at a clock. After the n-th failure in a row the wait is drawn evenly
/// from <c>0 … min(cap, base · 2ⁿ⁻¹)</c>, but is never under a tenth of the base, so that an unlucky draw does not spin.
/// When the service asks for less (throttling) the first wait is drawn as if it were the fourth.
/// </remarks>
internal sealed class BackOff(TimeSpan first, TimeSpan cap, Func<double> random)
{
    private const int ThrottledStep = 4;
    private const int MostDoublings = 30; // beyond, the cap rules anyway and the factor would overflow

    private int _failures;

    /// <summary>Notes a failure.</summary>
    /// <param name="throttled">Whether the service said that it is asked too much.</param>
    /// <returns>How long to wait.</returns>
    public TimeSpan Failed(bool throttled)
    {
        _failures = throttled ? Math.Max(_failures + 1, ThrottledStep) : _failures + 1;
        var ceiling = Math.Min(cap.Ticks, first.Ticks * Math.Pow(2, Math.Min(_failures - 1, MostDoublings)));
        return TimeSpan.FromTicks((long)Math.Max(first.Ticks / 10.0, random() * ceiling));
    }

    /// <summary>Notes a success: the next failure is a first one again.</summary>
    public void Succeeded() => _failures = 0;
}
