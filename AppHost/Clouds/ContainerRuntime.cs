using System.ComponentModel;
using System.Diagnostics;

namespace AppHost.Clouds;

/// <summary>
/// Asks whether a container runtime answers, before the model is built: a container in a model without a
/// runtime only fails later, and makes Aspire.Hosting.Testing throw.
/// </summary>
internal static class ContainerRuntime
{
    // A runtime that has not answered by then is as good as none for somebody who waits for a dashboard.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The name of the runtime that answers, or null. Aspire's own setting decides which is asked.</summary>
    public static string? Find()
    {
        string[] candidates = Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") is { Length: > 0 } chosen
            ? [chosen]
            : ["docker", "podman"];

        return candidates.FirstOrDefault(Answers);
    }

    private static bool Answers(string runtime)
    {
        try
        {
            // `info` talks to the engine; `--version` would be answered by the client alone.
            using var process = Process.Start(new ProcessStartInfo(runtime, "info")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            if (process is null)
            {
                return false;
            }

            process.OutputDataReceived += static (_, _) => { };
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.WaitForExit(Patience))
            {
                return process.ExitCode == 0;
            }

            process.Kill(entireProcessTree: true);
            return false;
        }
        catch (Win32Exception)
        {
            return false; // not installed
        }
    }
}
