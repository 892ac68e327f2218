using System.CommandLine;
using Cli.Bench.Beacon;
using Cli.Bench.Delivery;
using Cli.Bench.Micro;
using Cli.Bench.Packing;
using Cli.Bench.Start;

namespace Cli.Bench;

/// <summary><c>bench</c>: how fast it is, measured against others on the same machine. docs/benchmarks.md explains each number.</summary>
internal static class BenchCommand
{
    public static Command Create(Terminal terminal) => new("bench", "Measure how fast the beacon is.")
    {
        BeaconCommand.Create(terminal),
        StartCommand.Create(terminal),
        PackingCommand.Create(terminal),
        DeliveryCommand.Create(terminal),
        MicroCommand.Create(),
    };
}
