using System.Runtime.InteropServices;

namespace Cli.Bench.Processes;

/// <summary>The signals that end a program on Linux.</summary>
internal enum Signal
{
    /// <summary>To nginx: answer what has been asked, write the log to its end, go.</summary>
    Quit = 3,

    /// <summary>Always and at once.</summary>
    Kill = 9,

    /// <summary>To a .NET program: stop in order.</summary>
    Terminate = 15,
}

internal static class Signals
{
    /// <summary>A process that has ended already is no error.</summary>
    public static void Send(int process, Signal signal) => _ = Kill(process, (int)signal);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
