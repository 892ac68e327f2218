using System.Numerics;
using System.Runtime.InteropServices;

namespace Beacon.Api.Endpoints;

/// <summary>
/// A count that every core raises for every request. Each has its own number, on cache lines of its own: one number
/// for all would be passed from core to core. Exact all the same.
/// </summary>
internal sealed class Tally
{
    private readonly Cell[] _cells = new Cell[BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount)];

    /// <summary>The sum, of everything that was raised before the call at least.</summary>
    public long Total
    {
        get
        {
            long total = 0;
            foreach (ref Cell cell in _cells.AsSpan())
            {
                total += Volatile.Read(ref cell.Count);
            }

            return total;
        }
    }

    /// <summary>Raises the count by one and returns this core's, which serves to pick one in so many.</summary>
    public long Increment() =>
        // Interlocked, since the thread may be on another core before it adds.
        Interlocked.Increment(ref _cells[Thread.GetCurrentProcessorId() & (_cells.Length - 1)].Count);

    // Two lines: some processors fetch them in pairs.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Cell
    {
        [FieldOffset(0)]
        public long Count;
    }
}
