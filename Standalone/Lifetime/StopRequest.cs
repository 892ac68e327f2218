using System.Runtime.InteropServices;

namespace Standalone.Lifetime;

/// <summary>
/// Everything that asks the process to end, as one token: Ctrl-C, SIGTERM, SIGHUP, and the end of standard
/// input. The launcher holds the other end of that pipe; the operating system closes it with the launcher,
/// however that ends. A second Ctrl-C is not held back: it ends the process at once, which loses nothing
/// that was acknowledged.
/// </summary>
internal sealed class StopRequest : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;
    private int _signalled;

    public StopRequest(bool untilInputEnds)
    {
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
        if (untilInputEnds)
        {
            // A thread of its own: a read of standard input cannot be cancelled and must not hold up the end.
            new Thread(WaitForEndOfInput) { IsBackground = true, Name = "launcher watch" }.Start();
        }
    }

    /// <summary>Cancelled with the first request.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        Array.ForEach(_signals, signal => signal.Dispose());
    }

    private void OnSignal(PosixSignalContext context)
    {
        // Counted by signals alone: Ctrl-C reaches the launcher too, whose pipe may have ended before this.
        context.Cancel = Interlocked.Increment(ref _signalled) == 1;
        _source.Cancel();
    }

    private void WaitForEndOfInput()
    {
        using var input = Console.OpenStandardInput();
        var ignored = new byte[256];
        try
        {
            while (input.Read(ignored) > 0)
            {
                // What is written there means nothing; only its end does.
            }
        }
        catch (IOException)
        {
            // A broken pipe is as much an end.
        }

        _source.Cancel();
    }
}
