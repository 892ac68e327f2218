using System.Globalization;

namespace Catalog.Worker.Alerts;

/// <summary>One hour of traffic.</summary>
/// <param name="Events">The events, without ledger events.</param>
/// <param name="Bots">Of these, those of programs.</param>
/// <param name="Received">The requests that beacons counted.</param>
/// <param name="Dropped">Of these, those they dropped.</param>
internal sealed record Traffic(long Events, long Bots, long Received, long Dropped)
{
    public double BotShare => Events == 0 ? 0 : (double)Bots / Events;

    public double DropShare => Received == 0 ? 0 : (double)Dropped / Received;
}

/// <summary>Something that somebody should look at.</summary>
/// <param name="Name">Its fixed name, such as <c>traffic_stopped</c>.</param>
/// <param name="Text">One sentence.</param>
internal sealed record Alert(string Name, string Text);

/// <summary>Compares an hour with the same hour of earlier weeks. Pure.</summary>
internal static class AlertRules
{
    /// <summary>The names of all alerts.</summary>
    public static IReadOnlyList<string> Names { get; } = ["traffic_stopped", "traffic_dropped", "traffic_jumped", "drops_growing", "bots_growing", "backlog"];

    /// <summary>The alerts of an hour.</summary>
    /// <param name="hour">The hour, UTC.</param>
    /// <param name="now">Its traffic.</param>
    /// <param name="earlier">The same hour of earlier weeks, as far as the lake has them.</param>
    /// <param name="options">The limits.</param>
    public static IEnumerable<Alert> Of(DateTimeOffset hour, Traffic now, IReadOnlyList<Traffic> earlier, AlertsOptions options)
    {
        var when = hour.UtcDateTime.ToString("yyyy-MM-dd HH:00 'UTC'", CultureInfo.InvariantCulture);
        var usual = Median(earlier.Select(t => (double)t.Events));
        if (usual >= options.MinEvents && now.Events == 0)
        {
            yield return new("traffic_stopped", $"No event arrived in the hour of {when}; usual are {usual:0}.");
        }
        else if (usual >= options.MinEvents && now.Events < usual / options.TrafficFactor)
        {
            yield return new("traffic_dropped", $"{now.Events} events arrived in the hour of {when}; usual are {usual:0}.");
        }
        else if (earlier.Count > 0 && now.Events >= options.MinEvents && now.Events > usual * options.TrafficFactor)
        {
            yield return new("traffic_jumped", $"{now.Events} events arrived in the hour of {when}; usual are {usual:0}.");
        }

        var usualDrops = Median(earlier.Select(t => t.DropShare));
        if (now.Received >= options.MinEvents && now.DropShare > options.MaxDropShare && now.DropShare > 2 * usualDrops)
        {
            yield return new("drops_growing", string.Create(CultureInfo.InvariantCulture, $"{now.DropShare:0.0%} of the requests were dropped in the hour of {when}; usual are {usualDrops:0.0%}."));
        }

        var usualBots = Median(earlier.Select(t => t.BotShare));
        if (now.Events >= options.MinEvents && now.BotShare > options.MaxBotShare && now.BotShare > 2 * usualBots)
        {
            yield return new("bots_growing", string.Create(CultureInfo.InvariantCulture, $"{now.BotShare:0.0%} of the events were made by programs in the hour of {when}; usual are {usualBots:0.0%}."));
        }
    }

    // Of an even number the lower one of the two in the middle: a single week of much is no custom.
    private static double Median(IEnumerable<double> values)
        => values.Order().ToList() is { Count: > 0 } sorted ? sorted[(sorted.Count - 1) / 2] : 0;
}
