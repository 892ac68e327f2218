namespace Cli.Cost.Model;

/// <summary>
/// What Firehose bills for an event: each record counts as if it had the next multiple of 5 KB.
/// </summary>
internal static class FirehosePacking
{
    /// <summary>5 KB, as Firehose's pricing page counts them.</summary>
    public const double Step = 5 << 10;

    // The chance of a group that is larger than this many standard deviations can be left out: below 1e-20.
    private const double Deviations = 10;

    /// <summary>The billed bytes of an event that is a record of its own (write-through).</summary>
    public static double Alone(double eventBytes) => Billed(eventBytes);

    /// <summary>
    /// The billed bytes of an event that shares a record with those that come while it waits (group commit).
    /// </summary>
    /// <param name="eventBytes">The bytes of an event, all taken to be alike.</param>
    /// <param name="perSecond">The rate of the one task that gathers them.</param>
    /// <param name="wait">How long the first one waits.</param>
    /// <remarks>
    /// Whoever comes first opens the group, the others come at random: 1 + a Poisson number. What an event costs in the long
    /// run is the mean bill of a group over its mean size. A group that outgrows a record of 1,000 KiB would go earlier; in
    /// 20 ms that takes 65,000 requests a second at one task.
    /// </remarks>
    public static double Grouped(double eventBytes, double perSecond, TimeSpan wait)
    {
        var others = perSecond * wait.TotalSeconds;
        var most = (int)Math.Ceiling(others + (Deviations * Math.Sqrt(others)) + Deviations);
        var (billed, logChance) = (0.0, -others);
        for (var count = 0; count <= most; count++)
        {
            billed += Math.Exp(logChance) * Billed((count + 1) * eventBytes);

            // In logarithms: e^-others alone is zero for large groups.
            logChance += Math.Log(others) - Math.Log(count + 1);
        }

        return billed / (1 + others);
    }

    private static double Billed(double recordBytes) => Math.Ceiling(recordBytes / Step) * Step;
}
