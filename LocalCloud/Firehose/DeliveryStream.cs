using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace LocalCloud.Firehose;

/// <summary>What is known of a stream; an immutable value, kept in its folder as <c>stream.json</c>.</summary>
internal sealed record DeliveryStream
{
    public required string Name { get; init; }
    public required string Arn { get; init; }
    public required DateTimeOffset Created { get; init; }
    public DateTimeOffset? Updated { get; init; }

    /// <summary>1, and one more with every change of the destination. It is part of the names of objects.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The destination as it was configured, members that mean nothing here among it. Not to be changed in place.</summary>
    public required JsonObject Destination
    {
        get => _destination;
        init => (_destination, S3) = (value, S3Destination.Read(value));
    }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary><c>DeliveryStreamEncryptionConfigurationInput</c> as it was given: nothing is encrypted here, but it is described.</summary>
    public JsonObject? Encryption { get; init; }

    /// <summary>The destination as it is read.</summary>
    [JsonIgnore]
    public S3Destination S3 { get; private init; } = new();

    private readonly JsonObject _destination = [];
}
