using System.Diagnostics;

namespace Beacon.Api.Tests.Faults;

/// <summary>strace, which sees the program's calls of the kernel, makes them fail, and kills the program in the middle of one.</summary>
internal static class Tracer
{
    /// <summary>What changes files, and what makes changes durable.</summary>
    public const string Writes = "write,pwrite64,pwritev,writev,ftruncate,fallocate,rename,renameat,renameat2,link,linkat,unlink,unlinkat";

    public const string Flushes = "fsync,fdatasync,msync,sync_file_range";

    private static readonly Lazy<string?> Why = new(() =>
    {
        if (!OperatingSystem.IsLinux())
        {
            return "strace is for Linux.";
        }

        try
        {
            using var strace = Process.Start(new ProcessStartInfo("strace", ["-f", "-qq", "-o", "/dev/null", "true"]) { RedirectStandardError = true })!;
            strace.WaitForExit();
            return strace.ExitCode == 0 ? null : "strace may not trace here.";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "strace is not installed.";
        }
    });

    /// <summary>Skips the test where there is none.</summary>
    public static void SkipUnlessThere() => Assert.SkipUnless(Why.Value is null, Why.Value ?? "");

    /// <summary>How to run a program under it. The program stays the child, so that signals reach it.</summary>
    /// <param name="output">The file for what it sees.</param>
    /// <param name="options">What it looks at and does.</param>
    public static string[] Under(string output, params string[] options) =>
        ["strace", "-D", "-f", "-qq", "--seccomp-bpf", "-o", output, .. options];
}
