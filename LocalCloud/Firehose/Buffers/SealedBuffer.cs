using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LocalCloud.Firehose.Delivery;

namespace LocalCloud.Firehose.Buffers;

/// <summary>
/// A buffer that takes no more records, with everything that its delivery needs: the content of its <c>.plan</c> file. As the
/// keys are in it, delivering it again after a crash writes the same objects again, not others beside them.
/// </summary>
internal sealed record SealedBuffer
{
    /// <summary>The number of the buffer, which counts up in its stream.</summary>
    public required long Number { get; init; }

    /// <summary>How many bytes of the file are records.</summary>
    public required long Length { get; init; }

    /// <summary>When its first record arrived.</summary>
    public required DateTimeOffset FirstArrival { get; init; }

    /// <summary>What was in it.</summary>
    public required Usage Usage { get; init; }

    /// <summary>The key of the object of its records.</summary>
    public required string Key { get; init; }

    /// <summary>The key of the object of those that cannot be converted.</summary>
    public required string ErrorKey { get; init; }

    /// <summary>The destination as it was when the buffer was sealed.</summary>
    public required JsonObject Destination { get; init; }

    /// <summary>The traced calls that put records into it, since the process started.</summary>
    [JsonIgnore]
    public IReadOnlyList<TracedCall> Calls { get; init; } = [];

    /// <summary>How often its delivery has failed since the process started.</summary>
    [JsonIgnore]
    public int Failures { get; set; }

    /// <summary>When its delivery failed first since the process started.</summary>
    [JsonIgnore]
    public DateTimeOffset? FirstFailure { get; set; }

    /// <summary>When it is to be tried again.</summary>
    [JsonIgnore]
    public DateTimeOffset NextAttempt { get; set; }
}
