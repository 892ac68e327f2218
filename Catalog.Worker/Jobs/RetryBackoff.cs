namespace Catalog.Worker.Jobs;

/// <summary>The waits after failed runs in a row: the first, then twice the one before, up to a longest.</summary>
internal sealed class RetryBackoff(TimeSpan first, TimeSpan longest)
{
    private int _failures;

    /// <summary>Counts a failure and says how long to wait.</summary>
    public TimeSpan Failed()
    {
        // Thirty doublings of any wait are beyond every longest one.
        var wait = first * Math.Pow(2, Math.Min(_failures++, 30));
        return wait < longest ? wait : longest;
    }

    /// <summary>Begins anew.</summary>
    public void Succeeded() => _failures = 0;
}
