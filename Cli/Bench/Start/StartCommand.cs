using System.CommandLine;
using System.Globalization;
using Cli.Bench.Processes;
using Cli.Bench.Servers;

namespace Cli.Bench.Start;

/// <summary><c>bench start</c>: from nothing to the first answered pixel, Native AOT beside JIT.</summary>
internal static class StartCommand
{
    private const string Jit = "JIT", Aot = "Native AOT", InLambda = "Native AOT, write-through";
    private const double Megabyte = 1e6;

    public static Command Create(Terminal terminal)
    {
        var rounds = BenchOptions.Positive("--rounds", "How often each is started", 10);
        var aot = new Option<string?>("--aot") { Description = "The beacon's program as Native AOT; without it, it is published first" };
        var (beacon, keep, json) = (BenchOptions.Beacon(), BenchOptions.Keep(), BenchOptions.Json());
        var command = new Command("start", "Measure the time from the start to the first answered pixel, and the memory then.") { rounds, aot, beacon, keep, json };
        command.Measure(async (parsed, cancel) =>
        {
            Tools.MustBeLinux();
            var jit = parsed.GetValue(beacon) is { } path ? Programs.Named(path) : Programs.Beacon;
            var native = parsed.GetValue(aot) is { } built ? Programs.Named(built) : await NativeBeacon.PublishAsync(terminal, cancel);
            using var workspace = Workspace.Open(parsed.GetValue(keep));
            var machine = await Machine.DescribeAsync(workspace.Root, cancel);
            var sinkPort = FreePort.Choose();
            await using var sink = await SinkServer.StartAsync(Programs.Sink, workspace.Root, sinkPort, cancel);
            // As the template of the edge has it, with a queue for what Firehose does not take.
            string[] writeThrough = ["--Delivery:Mode", "writethrough", "--Delivery:OverflowQueueUrl", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{sinkPort}/000000000000/overflow")];
            var answers = await new StartBench(terminal, workspace, sinkPort).RunAsync(
                [new(Jit, jit), new(Aot, native), new(InLambda, native, writeThrough)], parsed.GetValue(rounds), cancel);
            Show(answers, new FileInfo(native).Length, machine, parsed.GetValue(json), terminal);
        });
        return command;
    }

    private static void Show(IReadOnlyList<FirstAnswer> answers, long nativeSize, Machine machine, bool json, Terminal terminal)
    {
        var native = answers.Where(answer => answer.Build == Aot).ToList();
        Goal[] goals =
        [
            new("first answered pixel, Native AOT", 60, AtLeast: false, Median(native, answer => answer.Time.TotalMilliseconds), "ms"),
            new("the same with the event in Firehose first", 60, AtLeast: false, Median(answers.Where(answer => answer.Build == InLambda), answer => answer.Time.TotalMilliseconds), "ms"),
            new("memory then, Native AOT", 40, AtLeast: false, Median(native, answer => answer.Memory.Resident / Megabyte), "MB"),
        ];
        if (json)
        {
            Report.WriteJson(new { machine, nativeSize, answers, goals }, terminal);
            return;
        }

        Report.WriteMachine(terminal, machine);
        Report.WriteTable(terminal, ["", "starts", "median", "fastest", "slowest", "memory", "anonymous", "files"], answers.GroupBy(answer => answer.Build).Select(build => new[]
        {
            build.Key, Report.Count(build.Count()),
            Milliseconds(Median(build, answer => answer.Time.TotalMilliseconds)), Milliseconds(build.Min(answer => answer.Time.TotalMilliseconds)), Milliseconds(build.Max(answer => answer.Time.TotalMilliseconds)),
            Megabytes(Median(build, answer => answer.Memory.Resident)), Megabytes(Median(build, answer => answer.Memory.Anonymous)), Megabytes(Median(build, answer => answer.Memory.Files)),
        }));
        terminal.Out.WriteLine($"The native program is a file of {Megabytes(nativeSize)}.");
        Report.WriteGoals(terminal, goals);
    }

    private static double Median(IEnumerable<FirstAnswer> answers, Func<FirstAnswer, double> value) => Statistics.Median(answers.Select(value));

    private static string Milliseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0} ms");

    private static string Megabytes(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / Megabyte:0.0} MB");
}
