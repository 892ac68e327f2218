using Amazon.Glue.Model;
using Pixel.Events.Lake;

namespace Catalog.Worker.Partitions;

/// <summary>A partition that names an hour.</summary>
/// <param name="Hour">The hour, with zeros, however the partition writes it: <c>9</c> and <c>09</c> are one hour.</param>
/// <param name="Partition">The partition.</param>
internal sealed record HourPartition(LakePartition Hour, Partition Partition)
{
    /// <summary>Where it is read from.</summary>
    public string Location => Partition.StorageDescriptor?.Location ?? "";

    /// <summary>Those of some partitions that name an hour, in order of time.</summary>
    public static List<HourPartition> Of(IEnumerable<Partition> partitions)
    {
        var hours = new List<HourPartition>();
        foreach (var partition in partitions)
        {
            if (LakePartition.TryParse(partition.Values, out var values))
            {
                hours.Add(new(LakePartition.Of(values.Start), partition));
            }
        }

        return [.. hours.OrderBy(h => h.Hour.Start)];
    }
}
