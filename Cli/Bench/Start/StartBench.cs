using Cli.Bench.Processes;
using Cli.Bench.Servers;

namespace Cli.Bench.Start;

/// <summary>What is started.</summary>
/// <param name="Name">JIT or AOT, and the mode when it is not the default one.</param>
/// <param name="Program">Its program.</param>
/// <param name="Settings">What else is not as in production.</param>
internal sealed record StartedBuild(string Name, string Program, params IReadOnlyList<string> Settings);

/// <summary>One start.</summary>
/// <param name="Build">The name of what was started.</param>
/// <param name="Time">From before the process was made until its first pixel had arrived.</param>
/// <param name="Memory">What it held then.</param>
internal sealed record FirstAnswer(string Build, TimeSpan Time, ProcessUsage Memory);

/// <summary>Starts the beacon again and again, with a new journal each time and everything on, and ends it at its first answer.</summary>
/// <param name="terminal">For progress.</param>
/// <param name="workspace">For journals and logs.</param>
/// <param name="sinkPort">Where the sink listens: with write-through it has the event before the pixel is answered.</param>
internal sealed class StartBench(Terminal terminal, Workspace workspace, int sinkPort)
{
    /// <param name="builds">They take turns.</param>
    /// <param name="rounds">How often each is started; once more before, which is not counted, so that the program is in memory.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<IReadOnlyList<FirstAnswer>> RunAsync(IReadOnlyList<StartedBuild> builds, int rounds, CancellationToken cancel)
    {
        var answers = new List<FirstAnswer>();
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var build in builds)
            {
                var answer = await StartAsync(build, cancel);
                if (round > 0)
                {
                    terminal.Remark($"{build.Name}: {answer.Time.TotalMilliseconds:0} ms");
                    answers.Add(answer);
                }
            }
        }

        return answers;
    }

    private async Task<FirstAnswer> StartAsync(StartedBuild build, CancellationToken cancel)
    {
        var folder = workspace.Folder(build.Name);
        FirstAnswer answer;
        var started = TimeProvider.System.GetTimestamp();
        await using (var beacon = BeaconProcess.Launch(new BeaconSetup(build.Program, "process", build.Settings), folder, sinkPort))
        {
            await FirstPixel.WhenAnsweredAsync(beacon.Port, beacon.MustRun, cancel);
            answer = new(build.Name, TimeProvider.System.GetElapsedTime(started), beacon.Usage);
        }

        workspace.Clear(folder);
        return answer;
    }
}
