using Catalog.Worker.Jobs;
using Pixel.Events.Lake;

namespace Catalog.Worker.State;

/// <summary>What every feature says of the bucket.</summary>
internal static class LakeBucket
{
    /// <summary>The bucket is not there.</summary>
    public static JobException Missing(LakeOptions lake, Exception innerException)
        => new($"The bucket {lake.LakeBucketName} does not exist: deploy the lake template, or set AWS:Resources:LakeBucketName.", innerException);
}
