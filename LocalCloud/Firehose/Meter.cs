using LocalCloud.Firehose.Buffers;

namespace LocalCloud.Firehose;

/// <summary>What AWS would bill for the streams there are.</summary>
/// <param name="Total">All streams together.</param>
/// <param name="Streams">Each by its name.</param>
public sealed record Meter(Usage Total, IReadOnlyDictionary<string, Usage> Streams)
{
    internal static Meter Of(IReadOnlyDictionary<string, Usage> streams) =>
        new(streams.Values.Aggregate(Usage.None, (sum, usage) => sum + usage), streams);
}
