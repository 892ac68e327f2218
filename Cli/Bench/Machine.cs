using System.Globalization;
using System.Runtime.InteropServices;

namespace Cli.Bench;

/// <summary>What a number must not be read without.</summary>
/// <param name="System">The operating system and its version.</param>
/// <param name="Processors">How many processors servers, wrk and sink share.</param>
/// <param name="Model">Which ones.</param>
/// <param name="Disk">The file system that journals and logs are on.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="Busy">How many of them others kept busy before anything was started.</param>
internal sealed record Machine(string System, int Processors, string Model, string Disk, string Runtime, double Busy)
{
    private const string Totals = "/proc/stat";

    // Not the load average: that remembers minutes, such as those of the benchmark before or of building this one.
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(2);

    /// <summary>To be called before anything is started: watches for two seconds what others do.</summary>
    public static async Task<Machine> DescribeAsync(string folder, CancellationToken cancel)
    {
        var before = await File.ReadAllTextAsync(Totals, cancel);
        await Task.Delay(Watched, cancel);
        return new(
            RuntimeInformation.OSDescription,
            Environment.ProcessorCount,
            File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? RuntimeInformation.OSArchitecture.ToString(),
            new DriveInfo(folder).DriveFormat,
            RuntimeInformation.FrameworkDescription,
            BusyBetween(before, await File.ReadAllTextAsync(Totals, cancel)) * Environment.ProcessorCount);
    }

    /// <summary>Whether others use the machine so much that only the ratios mean anything.</summary>
    public bool IsBusy => Busy > Processors / 8.0;

    /// <summary>The part of the processors' time between two readings of <c>/proc/stat</c> (proc(5)) in which they were not idle, 0 to 1.</summary>
    public static double BusyBetween(string before, string after)
    {
        var spent = Times(after).Zip(Times(before), (late, early) => late - early).ToArray();
        var idle = spent[3] + spent[4]; // the fourth and fifth: idle, and idle while a disk works
        return spent.Sum() is var all and > 0 ? (double)(all - idle) / all : 0;

        // user, nice, system, idle, iowait, irq, softirq, steal: what a host took away counts as others' as well. Two more follow
        // that are in the first two already.
        static IEnumerable<long> Times(string stat) =>
            stat.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9].Select(time => long.Parse(time, CultureInfo.InvariantCulture));
    }

    public override string ToString() => $"{System}, {Processors} × {Model}, {Disk}, {Runtime}";
}
