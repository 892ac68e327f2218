using Cli.Bench.Processes;
using Cli.Bench.Servers;

namespace Cli.Bench.Start;

/// <summary>One start.</summary>
/// <param name="Build">JIT or AOT.</param>
/// <param name="Time">From before the process was made until its first pixel had arrived.</param>
/// <param name="Memory">What it held then.</param>
internal sealed record FirstAnswer(string Build, TimeSpan Time, ProcessUsage Memory);

/// <summary>Starts the beacon again and again, with a new journal each time and everything on, and ends it at its first answer.</summary>
internal sealed class StartBench(Terminal terminal, Workspace workspace)
{
    /// <param name="builds">Name and program of each; they take turns.</param>
    /// <param name="rounds">How often each is started; once more before, which is not counted, so that the program is in memory.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<IReadOnlyList<FirstAnswer>> RunAsync(IReadOnlyList<(string Build, string Program)> builds, int rounds, CancellationToken cancel)
    {
        var answers = new List<FirstAnswer>();
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var (build, program) in builds)
            {
                var answer = await StartAsync(build, program, cancel);
                if (round > 0)
                {
                    terminal.Remark($"{build}: {answer.Time.TotalMilliseconds:0} ms");
                    answers.Add(answer);
                }
            }
        }

        return answers;
    }

    private async Task<FirstAnswer> StartAsync(string build, string program, CancellationToken cancel)
    {
        var folder = workspace.Folder(build);
        FirstAnswer answer;

        // Nothing is due for delivery before it is killed, so nothing need be there to deliver to.
        var sinkPort = FreePort.Choose();
        var started = TimeProvider.System.GetTimestamp();
        await using (var beacon = BeaconProcess.Launch(new BeaconSetup(program, "process"), folder, sinkPort))
        {
            await FirstPixel.WhenAnsweredAsync(beacon.Port, beacon.MustRun, cancel);
            answer = new(build, TimeProvider.System.GetElapsedTime(started), beacon.Usage);
        }

        workspace.Clear(folder);
        return answer;
    }
}
