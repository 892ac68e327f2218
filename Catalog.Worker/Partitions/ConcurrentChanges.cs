using Amazon.Glue;
using Amazon.Glue.Model;
using Catalog.Worker.Jobs;

namespace Catalog.Worker.Partitions;

/// <summary>
/// Repeats a change that Glue refuses because somebody else is changing the same thing at that moment. The SDK repeats
/// what is throttled, not this.
/// </summary>
internal sealed class ConcurrentChanges(TimeProvider time)
{
    private const int Tries = 5;

    /// <summary>Makes a change, up to five times.</summary>
    /// <exception cref="AmazonGlueException">It was refused each time. By its code: not every operation declares the typed one.</exception>
    public async Task<T> RetryAsync<T>(Func<Task<T>> change, CancellationToken cancellationToken)
    {
        var waits = new RetryBackoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await change();
            }
            catch (AmazonGlueException e) when (e.ErrorCode == nameof(ConcurrentModificationException) && tries < Tries)
            {
                await Task.Delay(waits.Failed(), time, cancellationToken);
            }
        }
    }
}
