using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Cli.Bench;

/// <summary>The beacon published as Native AOT.</summary>
internal static class NativeBeacon
{
    private const int LinesShown = 15;

    /// <summary>Publishes it below <c>obj</c>; again only what has changed since.</summary>
    /// <exception cref="CommandFailure">There is no linker, or publishing failed.</exception>
    public static async Task<string> PublishAsync(Terminal terminal, CancellationToken cancel)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, "clang")) || File.Exists(Path.Combine(folder, "gcc"))))
        {
            throw new CommandFailure("A Native AOT build needs a linker: `apt-get install clang zlib1g-dev` on Debian, or name a program that is built already (--aot PATH for `bench start`, --beacon PATH for `bench beacon`).");
        }

        // Its own folder for everything that is built: a restore for one platform would change what an ordinary build finds.
        var artifacts = Path.Combine(Programs.Checkout, "obj", "bench-aot");
        var output = Path.Combine(artifacts, "beacon");
        terminal.Remark($"publishing the beacon as Native AOT, which takes minutes the first time");
        string[] arguments =
        [
            "publish", Path.Combine(Programs.Checkout, "Beacon.Api", "Beacon.Api.csproj"), "--configuration", "Release",
            "--runtime", $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}", "-p:PublishAot=true",
            "--artifacts-path", artifacts, "--output", output, "--nologo", "-tl:off",
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Programs.Checkout, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // nothing is to be left running
        using var process = Process.Start(start) ?? throw new CommandFailure("dotnet could not be started.");
        try
        {
            var text = process.StandardOutput.ReadToEndAsync(cancel);
            var error = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0
                ? Path.Combine(output, "Beacon.Api")
                : throw new CommandFailure($"Publishing the beacon as Native AOT failed:{Environment.NewLine}{string.Join(Environment.NewLine, (await text + await error).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(LinesShown))}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
