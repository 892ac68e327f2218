using System.Globalization;
using Amazon.Glue.Model;
using Pixel.Events.Lake;

namespace Catalog.Worker.Partitions;

/// <summary>
/// Partition values as Glue keeps them: texts, whatever the column's type. For a string column the text of the path
/// (<c>01</c>), so that <c>MSCK REPAIR TABLE</c> and a crawler name the same partition; for a number column the number's
/// own text (<c>1</c>), since Athena compares numbers and both <c>1</c> and <c>01</c> would match.
/// </summary>
internal static class PartitionValues
{
    /// <summary>The values of an hour, or of its day for a table that is partitioned by days.</summary>
    public static List<string> Of(List<Column> keys, LakePartition partition)
        => [.. partition.Values.Take(keys.Count).Select((value, i) => IsNumber(keys[i]) ? int.Parse(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture) : value)];

    /// <summary>The condition that chooses one hour, in SQL and as Glue's expression.</summary>
    public static string Is(List<Column> keys, LakePartition partition)
        => IsText(keys, Of(keys, partition));

    /// <summary>The condition that chooses partitions by the first of their values, as they stand in the catalog.</summary>
    public static string IsText(List<Column> keys, IReadOnlyList<string> values)
        => string.Join(" AND ", values.Select((value, i) => $"{keys[i].Name} = {Literal(keys[i], value)}"));

    /// <summary>The condition that chooses one day, in SQL.</summary>
    public static string IsDay(List<Column> keys, DateTimeOffset day) => Is([.. keys.Take(3)], LakePartition.Of(day));

    /// <summary>Glue's expression for a day and all after it.</summary>
    public static string SinceDay(List<Column> keys, DateTimeOffset day) => FromDay(keys, day, ">");

    /// <summary>Glue's expression for a day and all before it.</summary>
    public static string UpToDay(List<Column> keys, DateTimeOffset day) => FromDay(keys, day, "<");

    private static string FromDay(List<Column> keys, DateTimeOffset day, string beyond)
    {
        var values = Of(keys, LakePartition.Of(day)).Select((value, i) => Literal(keys[i], value)).ToList();
        return $"year {beyond} {values[0]} OR (year = {values[0]} AND (month {beyond} {values[1]} OR (month = {values[1]} AND day {beyond}= {values[2]})))";
    }

    private static string Literal(Column key, string value) => IsNumber(key) ? value : $"'{value}'";

    private static bool IsNumber(Column key) => key.Type is "int" or "bigint" or "smallint" or "tinyint";
}
