using System.Globalization;
using System.Runtime.InteropServices;

namespace Cli.Bench;

/// <summary>What a number must not be read without.</summary>
/// <param name="System">The operating system and its version.</param>
/// <param name="Processors">How many processors servers, wrk and sink share.</param>
/// <param name="Model">Which ones.</param>
/// <param name="Disk">The file system that journals and logs are on.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="Load">How many processes wanted a processor in the last minute, before anything was started.</param>
internal sealed record Machine(string System, int Processors, string Model, string Disk, string Runtime, double Load)
{
    public static Machine Describe(string folder) => new(
        RuntimeInformation.OSDescription,
        Environment.ProcessorCount,
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? RuntimeInformation.OSArchitecture.ToString(),
        new DriveInfo(folder).DriveFormat,
        RuntimeInformation.FrameworkDescription,
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture));

    /// <summary>Whether others use the machine so much that only the ratios mean anything.</summary>
    public bool IsBusy => Load > Processors / 4.0;

    public override string ToString() => $"{System}, {Processors} × {Model}, {Disk}, {Runtime}";
}
