using System.Diagnostics.CodeAnalysis;
using Cronos;

namespace Catalog.Worker.Jobs;

/// <summary>The times at which a job is due.</summary>
internal sealed class JobSchedule
{
    private readonly CronExpression? _expression;
    private readonly TimeZoneInfo _zone;

    private JobSchedule(CronExpression? expression, TimeZoneInfo zone)
    {
        _expression = expression;
        _zone = zone;
    }

    public bool IsOff => _expression is null;

    /// <summary>The first due time after an instant; null when there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => _expression?.GetNextOccurrence(after, _zone)?.ToUniversalTime();

    /// <param name="options">The settings.</param>
    /// <param name="schedule">The schedule they describe.</param>
    /// <param name="problem">The setting's name and what is wrong with it.</param>
    public static bool TryParse(JobOptions options, [NotNullWhen(true)] out JobSchedule? schedule, [NotNullWhen(false)] out string? problem)
    {
        schedule = null;
        problem = null;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out var zone))
        {
            problem = $"TimeZone must be a time zone such as Europe/Berlin, not '{options.TimeZone}'";
            return false;
        }

        var text = options.Schedule.Trim();
        if (text.Length == 0 || text.Equals("off", StringComparison.OrdinalIgnoreCase))
        {
            schedule = new(null, zone);
            return true;
        }

        var format = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard;
        if (!CronExpression.TryParse(text, format, out var expression))
        {
            problem = $"Schedule must be a cron expression such as '16 * * * *' or off, not '{options.Schedule}'";
            return false;
        }

        schedule = new(expression, zone);
        return true;
    }
}
