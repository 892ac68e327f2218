namespace Beacon.Api.Journal;

/// <summary>
/// Where an accepted event goes. The answer to the visitor waits for it: 200 is sent only after
/// <see cref="AppendResult.Kept"/>.
/// </summary>
/// <remarks>
/// An interface because what "kept" means depends on where the beacon runs: in a journal on its own disk,
/// in Firehose itself where nothing outlives the request, or in a batch that several requests wait for.
/// It is called on the thread that serves the connection and must not block there: what has to be waited for (a flush, a
/// put) is awaited, and completes on a thread of the pool, never on the one that flushes or puts, because the answers to
/// visitors follow.
/// </remarks>
public interface IEventSink
{
    /// <summary>
    /// False while an event could not be kept (no room, a failing disk). What lies behind the sink never makes it
    /// false: an outage there is when the sink is needed most. Cheap enough to ask at every readiness probe.
    /// </summary>
    bool CanAppend { get; }

    /// <summary>
    /// Keeps one event and completes only when it is kept, or when it certainly is not.
    /// </summary>
    /// <param name="openEvent">
    /// One JSON object in UTF-8 without its closing brace and without a line end, with at least one member and no
    /// raw line feed in it. The sink adds <c>,"beacon_id":"…","beacon_seq":N}</c> and <c>\n</c>, so that the
    /// sequence has no gaps: an event that is certainly not kept uses no number. The memory belongs to the caller again as
    /// soon as the returned task has completed.
    /// </param>
    /// <param name="cancellationToken">
    /// The host's, not the request's: a visitor who leaves does not take the event back.
    /// </param>
    /// <returns>What became of the event. Expected failures are results, never exceptions.</returns>
    ValueTask<AppendResult> AppendAsync(ReadOnlyMemory<byte> openEvent, CancellationToken cancellationToken);
}

/// <summary>What became of an event that was given to an <see cref="IEventSink"/>.</summary>
public enum AppendResult
{
    /// <summary>It survives whatever the sink's configuration promises. The only result that may be answered with 200.</summary>
    Kept,

    /// <summary>There is no room for it: the sink's limit is reached or the disk is full. Later tries may succeed.</summary>
    Full,

    /// <summary>Writing failed for another reason, or the sink is stopping. Later tries may succeed.</summary>
    Failed,

    /// <summary>Neither Firehose nor what stands in for it took it in the time a request may wait. Later tries may succeed.</summary>
    NotDelivered,
}
