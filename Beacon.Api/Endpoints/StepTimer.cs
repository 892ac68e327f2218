using System.Diagnostics.Metrics;

namespace Beacon.Api.Endpoints;

/// <summary>The steps of a request whose time is measured, in their order.</summary>
internal enum Step
{
    /// <summary>Reading the request and filling the columns that come straight from it.</summary>
    Extract,

    /// <summary>What follows from those columns: addresses, pages, enrichers.</summary>
    Enrich,

    /// <summary>Keeping the event, with the wait for a flush or a put where there is one.</summary>
    Append,

    /// <summary>Giving the answer to the server.</summary>
    Answer,
}

/// <summary>Measures the steps of one request, each from the end of the one before it.</summary>
internal sealed class StepTimer(Histogram<double> durations, TimeProvider time)
{
    private static readonly KeyValuePair<string, object?>[] Tags =
        [.. Enum.GetValues<Step>().Select(step => new KeyValuePair<string, object?>("step", step.ToString().ToLowerInvariant()))];

    private long _since = time.GetTimestamp();

    public void Done(Step step)
    {
        long now = time.GetTimestamp();
        durations.Record(time.GetElapsedTime(_since, now).TotalSeconds, Tags[(int)step]);
        _since = now;
    }
}
