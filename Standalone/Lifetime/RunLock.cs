using System.Globalization;
using ServiceDefaults;

namespace Standalone.Lifetime;

/// <summary>
/// One process a data folder.
///
/// <c>standalone.lock</c> is held open exclusively while the process lives; the operating system lets go of it
/// with the process. <c>standalone.state</c> says what the holder is doing, for the sentence that a second one
/// prints, and so that one started just after its predecessor's launcher was killed waits for the predecessor
/// to finish rather than complain about it.
/// </summary>
internal sealed class RunLock : IDisposable
{
    // A launcher that was killed is noticed at once, but noticing needs a moment of the processor.
    private static readonly TimeSpan NoticePeriod = TimeSpan.FromSeconds(3);

    // Longer than the beacon takes to drain.
    private static readonly TimeSpan StoppingPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _lock;
    private readonly string _state;

    private RunLock(FileStream held, string state)
    {
        _lock = held;
        _state = state;
        Say("running");
    }

    /// <exception cref="StartupException">Another process uses the folder and is not about to end, or the folder cannot be written.</exception>
    public static async Task<RunLock> TakeAsync(string folder, TimeProvider time, CancellationToken cancel)
    {
        var state = Path.Combine(folder, "standalone.state");
        var started = time.GetTimestamp();
        var announced = false;
        while (true)
        {
            try
            {
                Directory.CreateDirectory(folder);
                return new RunLock(new FileStream(Path.Combine(folder, "standalone.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), state);
            }
            catch (Exception error) when (error is UnauthorizedAccessException or DirectoryNotFoundException or PathTooLongException or NotSupportedException || (error is IOException && !IsHeld(folder)))
            {
                throw new StartupException($"The data folder {folder} cannot be written: {error.Message.TrimEnd('.')}. Name another with --data.", error);
            }
            catch (IOException)
            {
                var holder = Read(state);
                var waited = time.GetElapsedTime(started);
                if (waited > (holder.IsStopping ? StoppingPeriod : NoticePeriod))
                {
                    throw new StartupException($"The data folder {folder} is in use by process {holder.Process}: stop that one, or name another folder with --data.");
                }

                if (holder.IsStopping && !announced)
                {
                    announced = true;
                    await Console.Error.WriteLineAsync("Waiting for the previous run to finish...");
                }

                await Task.Delay(Between, time, cancel);
            }
        }
    }

    /// <summary>Tells whoever comes next that this one is on its way out.</summary>
    public void SayStopping() => Say("stopping");

    public void Dispose() => _lock.Dispose();

    private void Say(string what) => File.WriteAllText(_state, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} {what}"));

    private static bool IsHeld(string folder) => File.Exists(Path.Combine(folder, "standalone.lock"));

    private static (string Process, bool IsStopping) Read(string state)
    {
        try
        {
            return File.ReadAllText(state).Split(' ') is [var process, var what] ? (process, what == "stopping") : ("unknown", false);
        }
        catch (IOException)
        {
            return ("unknown", false);
        }
    }
}
