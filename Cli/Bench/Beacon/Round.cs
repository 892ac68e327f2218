using Cli.Bench.Load;
using Cli.Bench.Processes;

namespace Cli.Bench.Beacon;

/// <summary>One server, loaded once.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Connections">How many connections loaded it.</param>
/// <param name="Load">What wrk measured.</param>
/// <param name="Cpu">Processor time of its processes while wrk measured.</param>
/// <param name="CpuBeside">The same of its sink.</param>
/// <param name="Memory">Its memory at the end of the load.</param>
/// <param name="Answered">All requests that it answered, those of the warm-up included.</param>
/// <param name="Kept">How many of them it had kept when it stopped; null for one that keeps nothing.</param>
internal sealed record Round(string Server, int Connections, WrkResult Load, TimeSpan Cpu, TimeSpan CpuBeside, ProcessUsage Memory, long Answered, long? Kept)
{
    /// <summary>Seconds of processor time for a million requests.</summary>
    public double CpuPerMillion => Cpu.TotalSeconds * 1e6 / Load.Requests;

    /// <inheritdoc cref="CpuPerMillion"/>
    public double CpuBesidePerMillion => CpuBeside.TotalSeconds * 1e6 / Load.Requests;
}
