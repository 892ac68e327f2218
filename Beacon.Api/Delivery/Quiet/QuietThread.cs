using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Beacon.Api.Delivery.Quiet;

/// <summary>
/// Runs the delivery's own work (reading, packing, base64, signing, sending) on one thread that gives way to those that
/// answer requests. On a full machine each put would else hold a processor for milliseconds, and requests would wait for it.
/// </summary>
/// <remarks>
/// Invariant: what enters runs one after the other, in the order it came, on this thread only; what comes after the end
/// runs on the pool, so that nothing waits for ever. The thread starts with its first work. It is no task scheduler: awaits of
/// what is not ours must not come back to a thread that may be blocked in waiting for them.
/// </remarks>
internal sealed partial class QuietThread : IDisposable
{
    /// <summary>
    /// SCHED_BATCH of sched(7): it never takes a processor from a running thread when it wakes, and gets its due. Not a niceness:
    /// threads that are made on this one would inherit it, and could not get rid of it.
    /// </summary>
    private const int Batch = 3;

    private readonly string _name;
    private readonly Queue<Action> _work = new(); // also the monitor that the thread waits on
    private Thread? _thread;
    private bool _ended;

    public QuietThread(string name) => _name = name;

    private bool IsCurrent => Thread.CurrentThread == Volatile.Read(ref _thread);

    /// <summary>To be awaited: what follows runs on this thread, up to the next await that is not completed.</summary>
    public Entering Enter() => new(this);

    /// <summary>
    /// To be called between the steps of long work: offers the processor to whoever waits for it. Left to itself the system
    /// would take it away at its clock's next tick, up to 4 ms later. Does nothing on another thread.
    /// </summary>
    public void LetOthersRun()
    {
        if (IsCurrent)
        {
            Thread.Yield();
        }
    }

    /// <summary>Ends the thread when it has done what has come; waits for that unless it is called there.</summary>
    public void Dispose()
    {
        lock (_work)
        {
            _ended = true;
            Monitor.Pulse(_work);
        }

        if (!IsCurrent)
        {
            Volatile.Read(ref _thread)?.Join();
        }
    }

    private void Post(Action action)
    {
        lock (_work)
        {
            if (!_ended)
            {
                if (_thread is null)
                {
                    _thread = new Thread(Run) { IsBackground = true, Name = _name };
                    _thread.Start();
                }

                _work.Enqueue(action);
                Monitor.Pulse(_work);
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(static work => work(), action, preferLocal: false);
    }

    private void Run()
    {
        GiveWay();
        while (true)
        {
            Action? action;
            lock (_work)
            {
                while (!_work.TryDequeue(out action))
                {
                    if (_ended)
                    {
                        return;
                    }

                    Monitor.Wait(_work);
                }
            }

            action();
            LetOthersRun();
        }
    }

    /// <summary>.NET's thread priorities do nothing on Linux.</summary>
    private static void GiveWay()
    {
        if (OperatingSystem.IsLinux())
        {
            var ordinary = 0;
            _ = SetScheduler(0, Batch, ref ordinary); // of the calling thread; where that is refused, it runs as others do
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, ref int priority);

    /// <summary>To be awaited.</summary>
    public readonly struct Entering(QuietThread thread) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => thread.IsCurrent;

        public Entering GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => thread.Post(continuation);

        public void UnsafeOnCompleted(Action continuation) => thread.Post(continuation);
    }
}
