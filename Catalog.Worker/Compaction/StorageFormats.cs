using Amazon.Glue.Model;

namespace Catalog.Worker.Compaction;

/// <summary>How Glue describes the two formats of the lake.</summary>
internal static class StorageFormats
{
    private const string Lists = "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat";
    private const string Text = "org.apache.hadoop.mapred.TextInputFormat";
    private const string TextOutput = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat";

    /// <summary>Data of a format (<c>parquet</c> or <c>json</c>) at a location.</summary>
    public static StorageDescriptor Of(string format, string location, List<Column> columns) => format == "parquet"
        ? Descriptor(location, columns, "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat", "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat", format)
        : Descriptor(location, columns, Text, TextOutput, format);

    /// <summary>Lists of data of a format at a location.</summary>
    public static StorageDescriptor ListsOf(string format, string location, List<Column> columns) => Descriptor(location, columns, Lists, TextOutput, format);

    private static StorageDescriptor Descriptor(string location, List<Column> columns, string input, string output, string format) => new()
    {
        Location = location,
        Columns = columns,
        InputFormat = input,
        OutputFormat = output,
        Compressed = false,
        SerdeInfo = new SerDeInfo
        {
            SerializationLibrary = format == "parquet" ? "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" : "org.openx.data.jsonserde.JsonSerDe",
            Parameters = new() { ["serialization.format"] = "1" },
        },
    };
}
