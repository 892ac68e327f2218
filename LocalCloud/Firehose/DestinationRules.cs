using System.Text.RegularExpressions;
using LocalCloud.Firehose.Keys;
using LocalCloud.Glue;
using LocalCloud.Protocol;

namespace LocalCloud.Firehose;

/// <summary>
/// What Firehose demands of a destination before it takes it: first the constraints of the API's model
/// (<c>ValidationException</c>, all at once), then what the members mean together (<c>InvalidArgumentException</c>, the first
/// one). What Firehose can do and LocalCloud cannot is refused here too, and says so, rather than ignored.
/// </summary>
internal sealed partial class DestinationRules(GlueCatalog catalog)
{
    private const int SmallestConvertingBuffer = 64;   // MiB, "must be at least 64" with conversion
    private const int LongestPrefix = 512;             // characters, after evaluation

    private static readonly string[] Compressions = ["UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY"];

    /// <summary>Throws unless the destination can be used.</summary>
    /// <param name="destination">As it would be stored.</param>
    /// <param name="member">How the request names it, e.g. <c>extendedS3DestinationConfiguration</c>.</param>
    /// <exception cref="AwsException"><c>ValidationException</c>, <c>InvalidArgumentException</c>.</exception>
    public void Check(S3Destination destination, string member)
    {
        CheckModel(destination, member);
        CheckPrefixes(destination);
        CheckSupport(destination);
        if (destination.Converts)
        {
            CheckConversion(destination, destination.DataFormatConversionConfiguration!);
        }
    }

    private static void CheckModel(S3Destination destination, string member)
    {
        var problems = new List<string>();
        void Unless(bool fine, string name, string constraint)
        {
            if (!fine)
            {
                problems.Add($"Value at '{member}.{name}' failed to satisfy constraint: {constraint}");
            }
        }

        Unless(destination.BucketARN is not null, "bucketARN", "Member must not be null");
        Unless(destination.BucketARN is null || BucketArn().IsMatch(destination.BucketARN), "bucketARN",
            "Member must satisfy regular expression pattern: arn:.*:s3:::[\\w\\.\\-]{1,255}");
        Unless(destination.RoleARN is not null, "roleARN", "Member must not be null");
        Unless(destination.RoleARN is null || destination.RoleARN.StartsWith("arn:", StringComparison.Ordinal), "roleARN",
            "Member must satisfy regular expression pattern: arn:.*");
        Unless(destination.Prefix is not { Length: > 1024 }, "prefix", "Member must have length less than or equal to 1024");
        Unless(destination.ErrorOutputPrefix is not { Length: > 1024 }, "errorOutputPrefix", "Member must have length less than or equal to 1024");
        Unless(destination.BufferingHints?.SizeInMBs is null or (>= 1 and <= 128), "bufferingHints.sizeInMBs",
            "Member must have value between 1 and 128");
        Unless(destination.BufferingHints?.IntervalInSeconds is null or (>= 0 and <= 900), "bufferingHints.intervalInSeconds",
            "Member must have value between 0 and 900");
        Unless(destination.CompressionFormat is null || Compressions.Contains(destination.CompressionFormat), "compressionFormat",
            $"Member must satisfy enum value set: [{string.Join(", ", Compressions)}]");
        Unless(destination.FileExtension is null || (destination.FileExtension.Length <= 128 && FileExtension().IsMatch(destination.FileExtension)),
            "fileExtension", "Member must satisfy regular expression pattern: ^$|\\.[0-9a-z!\\-_.*'()]+");
        Unless(destination.DataFormatConversionConfiguration?.OutputFormatConfiguration?.Serializer?.ParquetSerDe?.Compression
                is null or "SNAPPY" or "GZIP" or "UNCOMPRESSED",
            "dataFormatConversionConfiguration.outputFormatConfiguration.serializer.parquetSerDe.compression",
            "Member must satisfy enum value set: [SNAPPY, GZIP, UNCOMPRESSED]");

        if (problems.Count > 0)
        {
            throw new AwsException("ValidationException",
                $"{problems.Count} validation error{(problems.Count == 1 ? "" : "s")} detected: {string.Join("; ", problems)}");
        }
    }

    // "Semantic rules" of https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html.
    private static void CheckPrefixes(S3Destination destination)
    {
        if (!ObjectKeys.IsZone(destination.CustomTimeZone))
        {
            throw Invalid($"The time zone {destination.CustomTimeZone} is not supported.");
        }

        var prefix = Parse(destination.Prefix, "Prefix");
        var errors = Parse(destination.ErrorOutputPrefix, "ErrorOutputPrefix");
        if (prefix.HasErrorType)
        {
            throw Invalid("Prefix can't contain !{firehose:error-output-type}.");
        }

        if (prefix.HasExpressions && string.IsNullOrEmpty(destination.ErrorOutputPrefix))
        {
            throw Invalid("ErrorOutputPrefix cannot be null or empty when Prefix contains expressions.");
        }

        if (errors.HasExpressions && !errors.HasErrorType)
        {
            throw Invalid("ErrorOutputPrefix must contain at least one instance of !{firehose:error-output-type} when it contains expressions.");
        }

        foreach (var (evaluated, name) in new[] { (prefix, "Prefix"), (errors, "ErrorOutputPrefix") })
        {
            if (evaluated.Evaluate(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc, ObjectKeys.FormatConversionFailed).Length > LongestPrefix)
            {
                throw Invalid($"{name} must not be longer than {LongestPrefix} characters after it is evaluated.");
            }
        }
    }

    private static ObjectPrefix Parse(string? text, string name) => ObjectPrefix.TryParse(text ?? "", out var prefix, out var problem)
        ? prefix
        : throw Invalid($"{name} is not valid: {problem}.");

    private static void CheckSupport(S3Destination destination)
    {
        if (destination.CompressionFormat is "Snappy" or "HADOOP_SNAPPY")
        {
            throw Invalid($"CompressionFormat {destination.CompressionFormat} is not available in LocalCloud: use UNCOMPRESSED, GZIP or ZIP.");
        }

        if (destination.DynamicPartitioningConfiguration?.Enabled == true)
        {
            throw Invalid("Dynamic partitioning is not available in LocalCloud.");
        }

        if (destination.S3BackupMode == "Enabled")
        {
            throw Invalid("S3BackupMode Enabled is not available in LocalCloud.");
        }

        if (destination.ProcessingConfiguration is { Enabled: true } processing
            && processing.Processors?.FirstOrDefault(processor => processor.Type != "AppendDelimiterToRecord") is { } processor)
        {
            throw Invalid($"The processor {processor.Type} is not available in LocalCloud.");
        }
    }

    private void CheckConversion(S3Destination destination, FormatConversion conversion)
    {
        if (destination.CompressionFormat is not (null or "UNCOMPRESSED"))
        {
            throw Invalid("Only CompressionFormat.UNCOMPRESSED is supported when data format conversion is enabled.");
        }

        if (destination.BufferingHints?.SizeInMBs < SmallestConvertingBuffer)
        {
            throw Invalid($"BufferingHints.SizeInMBs must be at least {SmallestConvertingBuffer} when data format conversion is enabled.");
        }

        var deserializer = conversion.InputFormatConfiguration?.Deserializer
            ?? throw Invalid("InputFormatConfiguration must be specified when data format conversion is enabled.");
        if (deserializer.OpenXJsonSerDe is null == deserializer.HiveJsonSerDe is null)
        {
            throw Invalid("Exactly one deserializer must be specified.");
        }

        var serializer = conversion.OutputFormatConfiguration?.Serializer
            ?? throw Invalid("OutputFormatConfiguration must be specified when data format conversion is enabled.");
        if (serializer.OrcSerDe is not null)
        {
            throw Invalid("OrcSerDe is not available in LocalCloud: use ParquetSerDe.");
        }

        if (serializer.ParquetSerDe is null)
        {
            throw Invalid("Exactly one serializer must be specified.");
        }

        if (conversion.SchemaConfiguration is not { DatabaseName: { } database, TableName: { } table, RoleARN: not null })
        {
            throw Invalid("SchemaConfiguration with DatabaseName, TableName and RoleARN must be specified when data format conversion is enabled.");
        }

        if (deserializer.HiveJsonSerDe?.TimestampFormats is { Count: > 0 } formats && formats.Any(format => format != "millis"))
        {
            throw Invalid("HiveJsonSerDe.TimestampFormats are not available in LocalCloud, except millis.");
        }

        if (catalog.FindTable(database, table) is null)
        {
            throw Invalid($"The schema cannot be read: EntityNotFoundException, table {database}.{table} not found.");
        }
    }

    private static AwsException Invalid(string message) => new("InvalidArgumentException", message);

    [GeneratedRegex(@"^arn:[^:]+:s3:::[\w.\-]{1,255}$")]
    private static partial Regex BucketArn();

    [GeneratedRegex(@"^(|\.[0-9a-z!\-_.*'()]+)$")]
    private static partial Regex FileExtension();
}
