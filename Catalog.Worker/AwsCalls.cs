namespace Catalog.Worker;

/// <summary>Counts the calls of one run to AWS, as the worker makes them; the SDK's retries of a call are not counted.</summary>
internal sealed class AwsCalls
{
    /// <summary>How many were made.</summary>
    public int Made { get; private set; }

    /// <summary>Counts a call and passes it on.</summary>
    public Task<T> Of<T>(Task<T> call)
    {
        Made++;
        return call;
    }
}
