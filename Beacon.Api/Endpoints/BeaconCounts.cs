namespace Beacon.Api.Endpoints;

/// <summary>What a beacon has counted since its start.</summary>
/// <param name="Received">Requests for the pixel.</param>
/// <param name="Accepted">Of these, those whose event is kept.</param>
/// <param name="Dropped">Of these, those that left no event, by <see cref="DropReason"/>.</param>
internal sealed record BeaconCounts(long Received, long Accepted, IReadOnlyList<long> Dropped)
{
    /// <summary>Nothing.</summary>
    public static BeaconCounts None { get; } = new(0, 0, new long[Enum.GetValues<DropReason>().Length]);

    /// <summary>What was counted since earlier counts.</summary>
    public BeaconCounts Less(BeaconCounts earlier)
        => new(Received - earlier.Received, Accepted - earlier.Accepted, [.. Dropped.Zip(earlier.Dropped, (now, before) => now - before)]);

    public bool Equals(BeaconCounts? other)
        => other is not null && Received == other.Received && Accepted == other.Accepted && Dropped.SequenceEqual(other.Dropped);

    public override int GetHashCode() => HashCode.Combine(Received, Accepted);
}
