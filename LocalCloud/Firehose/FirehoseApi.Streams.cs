using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LocalCloud.Protocol;

namespace LocalCloud.Firehose;

internal sealed partial class FirehoseApi
{
    private const string DestinationId = "destinationId-000000000001";   // a stream has one destination

    private sealed record CreateRequest(
        string? DeliveryStreamName, string? DeliveryStreamType, JsonObject? ExtendedS3DestinationConfiguration,
        JsonObject? S3DestinationConfiguration, JsonObject? DeliveryStreamEncryptionConfigurationInput, IReadOnlyList<Tag>? Tags)
    {
        // Destinations of other kinds, and sources.
        [System.Text.Json.Serialization.JsonExtensionData]
        public Dictionary<string, JsonElement>? Others { get; init; }
    }

    private sealed record UpdateRequest(
        string? DeliveryStreamName, string? CurrentDeliveryStreamVersionId, string? DestinationId,
        JsonObject? ExtendedS3DestinationUpdate, JsonObject? S3DestinationUpdate);

    private sealed record StreamRequest(string? DeliveryStreamName, JsonObject? DeliveryStreamEncryptionConfigurationInput);

    private sealed record ListRequest(int? Limit, string? DeliveryStreamType, string? ExclusiveStartDeliveryStreamName);

    private void StreamOperations()
    {
        Handle<CreateRequest, object>("CreateDeliveryStream", Create);
        Handle<StreamRequest, object>("DescribeDeliveryStream", (request, _) =>
            new { DeliveryStreamDescription = Describe(Stream(request.DeliveryStreamName).Definition) });
        Handle<ListRequest, object>("ListDeliveryStreams", (request, _) =>
        {
            var names = _streams.All.Select(stream => stream.Definition.Name)
                .Where(name => string.CompareOrdinal(name, request.ExclusiveStartDeliveryStreamName) > 0 && request.DeliveryStreamType is null or "DirectPut")
                .ToList();
            var limit = request.Limit ?? 10;
            return new { DeliveryStreamNames = names.Take(limit), HasMoreDeliveryStreams = names.Count > limit };
        });
        Handle<StreamRequest, object?>("DeleteDeliveryStream", async (request, _, _) =>
        {
            await _streams.DeleteAsync(Required(request.DeliveryStreamName, "deliveryStreamName"));
            return null;
        });
        Handle<UpdateRequest, object?>("UpdateDestination", Update);
        Handle<StreamRequest, object?>("StartDeliveryStreamEncryption", (request, _) =>
        {
            var encryption = request.DeliveryStreamEncryptionConfigurationInput ?? new JsonObject { ["KeyType"] = "AWS_OWNED_CMK" };
            Stream(request.DeliveryStreamName).Update(stream => stream with { Encryption = encryption });
            return null;
        });
        Handle<StreamRequest, object?>("StopDeliveryStreamEncryption", (request, _) =>
        {
            Stream(request.DeliveryStreamName).Update(stream => stream with { Encryption = null });
            return null;
        });
    }

    private object Create(CreateRequest request, AwsCall call)
    {
        var name = Required(request.DeliveryStreamName, "deliveryStreamName");
        if (!StreamName().IsMatch(name))
        {
            throw FirehoseErrors.Validation($"Value '{name}' at 'deliveryStreamName'", "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]{1,64}");
        }

        if (request.DeliveryStreamType is not (null or "DirectPut"))
        {
            throw FirehoseErrors.InvalidArgument($"DeliveryStreamType {request.DeliveryStreamType} is not available in LocalCloud: use DirectPut.");
        }

        if (request.Others?.Keys.FirstOrDefault(member => member.EndsWith("Configuration", StringComparison.Ordinal)) is { } other)
        {
            throw FirehoseErrors.InvalidArgument($"{other} is not available in LocalCloud: use ExtendedS3DestinationConfiguration.");
        }

        if (request.ExtendedS3DestinationConfiguration is null == request.S3DestinationConfiguration is null)
        {
            throw FirehoseErrors.InvalidArgument("Exactly one destination configuration is supported for a Firehose");
        }

        var stream = new DeliveryStream
        {
            Name = name,
            Arn = call.Arn("firehose", $"deliverystream/{name}"),
            Created = _time.GetUtcNow(),
            Destination = request.ExtendedS3DestinationConfiguration ?? request.S3DestinationConfiguration!,
            Tags = ToDictionary(request.Tags ?? []),
            Encryption = request.DeliveryStreamEncryptionConfigurationInput,
        };
        _rules.Check(stream.S3, request.ExtendedS3DestinationConfiguration is null ? "s3DestinationConfiguration" : "extendedS3DestinationConfiguration");
        _streams.Create(stream);
        return new { DeliveryStreamARN = stream.Arn };
    }

    private object? Update(UpdateRequest request, AwsCall call)
    {
        if (request.DestinationId is not (null or DestinationId))
        {
            throw FirehoseErrors.InvalidArgument($"Destination id {request.DestinationId} not found.");
        }

        if (request.ExtendedS3DestinationUpdate is null == request.S3DestinationUpdate is null)
        {
            throw FirehoseErrors.InvalidArgument("Exactly one destination update is supported for a Firehose");
        }

        var update = request.ExtendedS3DestinationUpdate ?? request.S3DestinationUpdate!;
        Stream(request.DeliveryStreamName).UpdateDestination(Required(request.CurrentDeliveryStreamVersionId, "currentDeliveryStreamVersionId"), present =>
        {
            var merged = Merged(present, update);
            _rules.Check(S3Destination.Read(merged), request.ExtendedS3DestinationUpdate is null ? "s3DestinationUpdate" : "extendedS3DestinationUpdate");
            return merged;
        });
        return null;
    }

    private static object Describe(DeliveryStream stream) => new
    {
        DeliveryStreamName = stream.Name,
        DeliveryStreamARN = stream.Arn,
        DeliveryStreamStatus = "ACTIVE",
        DeliveryStreamEncryptionConfiguration = stream.Encryption is null
            ? new { Status = "DISABLED", KeyType = (string?)null, KeyARN = (string?)null }
            : new { Status = "ENABLED", KeyType = stream.Encryption["KeyType"]?.GetValue<string>(), KeyARN = stream.Encryption["KeyARN"]?.GetValue<string>() },
        DeliveryStreamType = "DirectPut",
        VersionId = $"{stream.Version}",
        CreateTimestamp = stream.Created,
        LastUpdateTimestamp = stream.Updated,
        Destinations = new[]
        {
            new { DestinationId, S3DestinationDescription = Described(stream, S3Members), ExtendedS3DestinationDescription = Described(stream, null) },
        },
        HasMoreDestinations = false,
    };

    private static readonly string[] S3Members =
    [
        "RoleARN", "BucketARN", "Prefix", "ErrorOutputPrefix", "BufferingHints", "CompressionFormat", "EncryptionConfiguration", "CloudWatchLoggingOptions",
    ];

    // What was configured, with Firehose's values where nothing was.
    private static JsonObject Described(DeliveryStream stream, string[]? members)
    {
        var described = new JsonObject();
        foreach (var (name, value) in stream.Destination)
        {
            described[name] = value?.DeepClone();
        }

        var s3 = stream.S3;
        described["BufferingHints"] = new JsonObject
        {
            ["SizeInMBs"] = s3.BufferSize / (1024 * 1024),
            ["IntervalInSeconds"] = (int)s3.BufferInterval.TotalSeconds,
        };
        described["CompressionFormat"] ??= "UNCOMPRESSED";
        described["EncryptionConfiguration"] ??= new JsonObject { ["NoEncryptionConfig"] = "NoEncryption" };
        described["CloudWatchLoggingOptions"] ??= new JsonObject { ["Enabled"] = false };
        if (members is null)
        {
            described["S3BackupMode"] ??= "Disabled";
            described["CustomTimeZone"] ??= "UTC";
            described["DataFormatConversionConfiguration"] ??= new JsonObject { ["Enabled"] = false };
            return described;
        }

        foreach (var other in described.Select(member => member.Key).Except(members).ToList())
        {
            described.Remove(other);
        }

        return described;
    }

    [GeneratedRegex("^[a-zA-Z0-9_.-]{1,64}$")]
    private static partial Regex StreamName();
}
