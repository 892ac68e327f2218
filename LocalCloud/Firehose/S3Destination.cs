using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LocalCloud.Protocol;

namespace LocalCloud.Firehose;

/// <summary>
/// What a stream does with its records: the members of <c>ExtendedS3DestinationConfiguration</c> that mean something here,
/// under their own names (https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html).
/// The whole of what was configured is kept as JSON (<see cref="DeliveryStream"/>); this is how it is read.
/// </summary>
internal sealed record S3Destination
{
    // CloudFormation hands numbers and booleans over as text.
    private static readonly JsonSerializerOptions Options = new(AwsJson.Options)
    {
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Converters = { new BooleanOrText() },
    };

    public string? RoleARN { get; init; }
    public string? BucketARN { get; init; }
    public string? Prefix { get; init; }
    public string? ErrorOutputPrefix { get; init; }
    public BufferingHints? BufferingHints { get; init; }
    public string? CompressionFormat { get; init; }
    public string? FileExtension { get; init; }
    public string? CustomTimeZone { get; init; }
    public string? S3BackupMode { get; init; }
    public Processing? ProcessingConfiguration { get; init; }
    public Switch? DynamicPartitioningConfiguration { get; init; }
    public FormatConversion? DataFormatConversionConfiguration { get; init; }

    /// <summary>The name of the bucket.</summary>
    [JsonIgnore]
    public string Bucket => BucketARN![(BucketARN!.LastIndexOf(':') + 1)..];

    /// <summary>Whether records become Parquet. A configuration without <c>Enabled</c> is enabled.</summary>
    [JsonIgnore]
    public bool Converts => DataFormatConversionConfiguration is { } conversion && conversion.Enabled != false;

    /// <summary>Whether a newline goes between records: a processor that has to be asked for.</summary>
    [JsonIgnore]
    public bool Delimits => ProcessingConfiguration is { Enabled: true } processing
        && processing.Processors?.Any(processor => processor.Type == "AppendDelimiterToRecord") == true;

    /// <summary>The age at which what is buffered is delivered.</summary>
    [JsonIgnore]
    public TimeSpan BufferInterval => TimeSpan.FromSeconds(BufferingHints?.IntervalInSeconds ?? 300);

    /// <summary>The size in bytes at which what is buffered is delivered.</summary>
    [JsonIgnore]
    public long BufferSize => (BufferingHints?.SizeInMBs ?? (Converts ? 128 : 5)) * 1024L * 1024L;

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="AwsException"><c>SerializationException</c>.</exception>
    public static S3Destination Read(JsonNode configuration)
    {
        try
        {
            return configuration.Deserialize<S3Destination>(Options)!;
        }
        catch (JsonException error)
        {
            throw new AwsException("SerializationException", $"The destination cannot be read at {error.Path}.");
        }
    }

    private sealed class BooleanOrText : JsonConverter<bool>
    {
        public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.String when bool.TryParse(reader.GetString(), out var value) => value,
            _ => throw new JsonException("A boolean is true or false."),
        };

        public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
    }
}

/// <summary>When a buffer is delivered: whichever comes first.</summary>
internal sealed record BufferingHints(int? SizeInMBs, int? IntervalInSeconds);

/// <summary>A feature that is on or off.</summary>
internal sealed record Switch(bool? Enabled);

/// <summary>What happens to a record before it is delivered.</summary>
internal sealed record Processing(bool? Enabled, IReadOnlyList<Processor>? Processors);

/// <summary>One step of processing.</summary>
internal sealed record Processor(string? Type);

/// <summary>Conversion of JSON into Parquet.</summary>
internal sealed record FormatConversion(
    bool? Enabled, SchemaSource? SchemaConfiguration, InputFormat? InputFormatConfiguration, OutputFormat? OutputFormatConfiguration);

/// <summary>The Glue table whose columns are written.</summary>
internal sealed record SchemaSource(
    string? RoleARN, string? CatalogId, string? DatabaseName, string? TableName, string? Region, string? VersionId);

internal sealed record InputFormat(Deserializer? Deserializer);

/// <summary>How JSON is read: one of the two.</summary>
internal sealed record Deserializer(OpenXJsonSerDe? OpenXJsonSerDe, HiveJsonSerDe? HiveJsonSerDe);

internal sealed record OpenXJsonSerDe(
    bool? CaseInsensitive, bool? ConvertDotsInJsonKeysToUnderscores, IReadOnlyDictionary<string, string>? ColumnToJsonKeyMappings);

internal sealed record HiveJsonSerDe(IReadOnlyList<string>? TimestampFormats);

internal sealed record OutputFormat(Serializer? Serializer);

internal sealed record Serializer(ParquetSerDe? ParquetSerDe, JsonElement? OrcSerDe);

/// <summary>How Parquet is written.</summary>
internal sealed record ParquetSerDe(
    string? Compression, int? BlockSizeBytes, int? PageSizeBytes, int? MaxPaddingBytes, bool? EnableDictionaryCompression, string? WriterVersion);
