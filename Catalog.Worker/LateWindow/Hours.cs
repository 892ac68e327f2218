namespace Catalog.Worker.LateWindow;

/// <summary>Full hours, UTC: what a partition is.</summary>
internal static class Hours
{
    /// <summary>The beginning of the hour of an instant.</summary>
    public static DateTimeOffset Floor(DateTimeOffset instant) => new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    /// <summary>The hours that begin from <paramref name="from"/> on and before <paramref name="before"/>, in order.</summary>
    public static IEnumerable<DateTimeOffset> Between(DateTimeOffset from, DateTimeOffset before)
    {
        for (var hour = Floor(from) is var first && first < from ? first.AddHours(1) : first; hour < before; hour = hour.AddHours(1))
        {
            yield return hour;
        }
    }
}
