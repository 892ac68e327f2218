namespace Amazon.KinesisFirehose.Model;

public partial class DeliveryStreamEncryptionConfigurationInput
{
    public KeyType KeyType { get; set; }
}

public partial class S3DestinationConfiguration
{
    public string RoleARN { get; set; }
    public string BucketARN { get; set; }
    public string Prefix { get; set; }
    public string ErrorOutputPrefix { get; set; }
    public BufferingHints BufferingHints { get; set; }
    public CompressionFormat CompressionFormat { get; set; }
    public EncryptionConfiguration EncryptionConfiguration { get; set; }
    public CloudWatchLoggingOptions CloudWatchLoggingOptions { get; set; }
}

public partial class BufferingHints
{
    public int? SizeInMBs { get; set; }
    public int? IntervalInSeconds { get; set; }
}

public partial class EncryptionConfiguration
{
    public NoEncryptionConfig NoEncryptionConfig { get; set; }
    public KMSEncryptionConfig KMSEncryptionConfig { get; set; }
}

public partial class KMSEncryptionConfig;

public partial class CloudWatchLoggingOptions
{
    public bool? Enabled { get; set; }
    public string LogGroupName { get; set; }
    public string LogStreamName { get; set; }
}

public partial class ExtendedS3DestinationConfiguration
{
    public string RoleARN { get; set; }
    public string BucketARN { get; set; }
    public string Prefix { get; set; }
    public string ErrorOutputPrefix { get; set; }
    public BufferingHints BufferingHints { get; set; }
    public CompressionFormat CompressionFormat { get; set; }
    public EncryptionConfiguration EncryptionConfiguration { get; set; }
    public CloudWatchLoggingOptions CloudWatchLoggingOptions { get; set; }
    public ProcessingConfiguration ProcessingConfiguration { get; set; }
    public S3BackupMode S3BackupMode { get; set; }
    public S3DestinationConfiguration S3BackupConfiguration { get; set; }
    public DataFormatConversionConfiguration DataFormatConversionConfiguration { get; set; }
    public DynamicPartitioningConfiguration DynamicPartitioningConfiguration { get; set; }
    public string CustomTimeZone { get; set; }
    public string FileExtension { get; set; }
}

public partial class ProcessingConfiguration
{
    public bool? Enabled { get; set; }
    public List<Processor> Processors { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

public partial class Processor
{
    public ProcessorType Type { get; set; }
    public List<ProcessorParameter> Parameters { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

public partial class ProcessorParameter
{
    public ProcessorParameterName ParameterName { get; set; }
    public string ParameterValue { get; set; }
}

public partial class DataFormatConversionConfiguration
{
    public SchemaConfiguration SchemaConfiguration { get; set; }
    public InputFormatConfiguration InputFormatConfiguration { get; set; }
    public OutputFormatConfiguration OutputFormatConfiguration { get; set; }
    public bool? Enabled { get; set; }
}

public partial class SchemaConfiguration
{
    public string RoleARN { get; set; }
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public string TableName { get; set; }
    public string Region { get; set; }
    public string VersionId { get; set; }
}

public partial class InputFormatConfiguration
{
    public Deserializer Deserializer { get; set; }
}

public partial class Deserializer
{
    public OpenXJsonSerDe OpenXJsonSerDe { get; set; }
    public HiveJsonSerDe HiveJsonSerDe { get; set; }
}

public partial class OpenXJsonSerDe
{
    public bool? ConvertDotsInJsonKeysToUnderscores { get; set; }
    public bool? CaseInsensitive { get; set; }
    public Dictionary<string, string> ColumnToJsonKeyMappings { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

public partial class HiveJsonSerDe
{
    public List<string> TimestampFormats { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

public partial class OutputFormatConfiguration
{
    public Serializer Serializer { get; set; }
}

public partial class Serializer
{
    public ParquetSerDe ParquetSerDe { get; set; }
    public OrcSerDe OrcSerDe { get; set; }
}

public partial class ParquetSerDe
{
    public int? BlockSizeBytes { get; set; }
    public int? PageSizeBytes { get; set; }
    public ParquetCompression Compression { get; set; }
    public bool? EnableDictionaryCompression { get; set; }
    public int? MaxPaddingBytes { get; set; }
    public ParquetWriterVersion WriterVersion { get; set; }
}

public partial class OrcSerDe
{
    public int? StripeSizeBytes { get; set; }
    public int? BlockSizeBytes { get; set; }
    public int? RowIndexStride { get; set; }
    public bool? EnablePadding { get; set; }
    public double? PaddingTolerance { get; set; }
    public OrcCompression Compression { get; set; }
    public List<string> BloomFilterColumns { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public double? BloomFilterFalsePositiveProbability { get; set; }
    public double? DictionaryKeyThreshold { get; set; }
    public OrcFormatVersion FormatVersion { get; set; }
}

public partial class DynamicPartitioningConfiguration
{
    public RetryOptions RetryOptions { get; set; }
    public bool? Enabled { get; set; }
}

public partial class RetryOptions
{
    public int? DurationInSeconds { get; set; }
}

public partial class DeliveryStreamEncryptionConfiguration
{
    public KeyType KeyType { get; set; }
    public DeliveryStreamEncryptionStatus Status { get; set; }
    public FailureDescription FailureDescription { get; set; }
}

public partial class S3DestinationDescription
{
    public string RoleARN { get; set; }
    public string BucketARN { get; set; }
    public string Prefix { get; set; }
    public string ErrorOutputPrefix { get; set; }
    public BufferingHints BufferingHints { get; set; }
    public CompressionFormat CompressionFormat { get; set; }
    public EncryptionConfiguration EncryptionConfiguration { get; set; }
    public CloudWatchLoggingOptions CloudWatchLoggingOptions { get; set; }
}

public partial class ExtendedS3DestinationDescription
{
    public string RoleARN { get; set; }
    public string BucketARN { get; set; }
    public string Prefix { get; set; }
    public string ErrorOutputPrefix { get; set; }
    public BufferingHints BufferingHints { get; set; }
    public CompressionFormat CompressionFormat { get; set; }
    public EncryptionConfiguration EncryptionConfiguration { get; set; }
    public CloudWatchLoggingOptions CloudWatchLoggingOptions { get; set; }
    public ProcessingConfiguration ProcessingConfiguration { get; set; }
    public S3BackupMode S3BackupMode { get; set; }
    public S3DestinationDescription S3BackupDescription { get; set; }
    public DataFormatConversionConfiguration DataFormatConversionConfiguration { get; set; }
    public DynamicPartitioningConfiguration DynamicPartitioningConfiguration { get; set; }
    public string CustomTimeZone { get; set; }
    public string FileExtension { get; set; }
}

public partial class S3DestinationUpdate
{
    public string RoleARN { get; set; }
    public string BucketARN { get; set; }
    public string Prefix { get; set; }
    public string ErrorOutputPrefix { get; set; }
    public BufferingHints BufferingHints { get; set; }
    public CompressionFormat CompressionFormat { get; set; }
    public EncryptionConfiguration EncryptionConfiguration { get; set; }
    public CloudWatchLoggingOptions CloudWatchLoggingOptions { get; set; }
}

public partial class ExtendedS3DestinationUpdate
{
    public string RoleARN { get; set; }
    public string BucketARN { get; set; }
    public string Prefix { get; set; }
    public string ErrorOutputPrefix { get; set; }
    public BufferingHints BufferingHints { get; set; }
    public CompressionFormat CompressionFormat { get; set; }
    public EncryptionConfiguration EncryptionConfiguration { get; set; }
    public CloudWatchLoggingOptions CloudWatchLoggingOptions { get; set; }
    public ProcessingConfiguration ProcessingConfiguration { get; set; }
    public S3BackupMode S3BackupMode { get; set; }
    public S3DestinationUpdate S3BackupUpdate { get; set; }
    public DataFormatConversionConfiguration DataFormatConversionConfiguration { get; set; }
    public DynamicPartitioningConfiguration DynamicPartitioningConfiguration { get; set; }
    public string CustomTimeZone { get; set; }
    public string FileExtension { get; set; }
}
