using System.Globalization;

namespace Pixel.Events.Lake;

/// <summary>
/// The values of a partition: the hour in which Firehose put the object. They are texts, equal to what stands in the
/// path, so that our loader, <c>MSCK REPAIR TABLE</c> and a crawler name the same partition.
/// </summary>
public readonly record struct LakePartition(string Year, string Month, string Day, string Hour)
{
    /// <summary>The values in the order of the partition columns, as Glue takes them.</summary>
    public IReadOnlyList<string> Values => [Year, Month, Day, Hour];

    /// <summary>The partition of an instant, zero-padded, in UTC.</summary>
    public static LakePartition Of(DateTimeOffset instant)
    {
        DateTime utc = instant.UtcDateTime;
        return new(
            utc.Year.ToString("0000", CultureInfo.InvariantCulture),
            utc.Month.ToString("00", CultureInfo.InvariantCulture),
            utc.Day.ToString("00", CultureInfo.InvariantCulture),
            utc.Hour.ToString("00", CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// The partition of values from a path or from Glue. Padding is kept as it is: <c>1</c> and <c>01</c> are two
    /// partitions of the same hour.
    /// </summary>
    /// <returns>False when the values are no hour.</returns>
    public static bool TryParse(IReadOnlyList<string>? values, out LakePartition partition)
    {
        partition = default;
        if (values is not { Count: 4 })
        {
            return false;
        }

        partition = new(values[0], values[1], values[2], values[3]);
        return partition.TryGetStart(out _);
    }

    /// <summary>The beginning of the hour, UTC.</summary>
    /// <exception cref="InvalidOperationException">The values are no hour.</exception>
    public DateTimeOffset Start => TryGetStart(out var start) ? start : throw new InvalidOperationException($"{this} is no hour.");

    /// <summary>The beginning of the hour, UTC.</summary>
    /// <returns>False when the values are no hour.</returns>
    public bool TryGetStart(out DateTimeOffset start)
    {
        start = default;
        if (!TryNumber(Year, 4, out int year) || !TryNumber(Month, 2, out int month) || !TryNumber(Day, 2, out int day) || !TryNumber(Hour, 2, out int hour)
            || year is < 1 or > 9999 || month is < 1 or > 12 || hour > 23 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        start = new DateTimeOffset(year, month, day, hour, 0, 0, TimeSpan.Zero);
        return true;
    }

    private static bool TryNumber(string? text, int digits, out int number)
    {
        number = 0;
        return text is { Length: > 0 } && text.Length <= digits && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>For messages: <c>2026/01/31/09</c>.</summary>
    public override string ToString() => $"{Year}/{Month}/{Day}/{Hour}";
}
