using System.Globalization;

namespace Catalog.Worker.LateWindow;

/// <summary>Full hours and days, UTC: what partitions are.</summary>
internal static class Hours
{
    /// <summary>The beginning of the hour of an instant.</summary>
    public static DateTimeOffset Floor(DateTimeOffset instant) => new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    /// <summary>The beginning of the day of an instant.</summary>
    public static DateTimeOffset Day(DateTimeOffset instant) => new(instant.UtcDateTime.Date, TimeSpan.Zero);

    /// <summary>The earlier of two instants.</summary>
    public static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    /// <summary>An instant as JSON in the lake has it: ISO 8601 with milliseconds, as beacons write <c>received_at</c>.</summary>
    public static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The hours that begin from <paramref name="from"/> on and before <paramref name="before"/>, in order.</summary>
    public static IEnumerable<DateTimeOffset> Between(DateTimeOffset from, DateTimeOffset before)
    {
        for (var hour = Floor(from) is var first && first < from ? first.AddHours(1) : first; hour < before; hour = hour.AddHours(1))
        {
            yield return hour;
        }
    }
}
