using System.Globalization;
using System.Text;

namespace Beacon.Api.Journal;

/// <summary>
/// The file that says how far delivery has come. Every event up to and including its sequence is delivered.
/// </summary>
/// <remarks>
/// <para>Two slots of <see cref="SlotLength"/> bytes, each a line <c>v2 &lt;sequence&gt; &lt;checksum&gt;</c> filled up with spaces,
/// written in turn: what is cut off in one leaves the other. The higher sequence counts. The one line of <c>v1</c> is read too.</para>
/// <para>Written in place, and not replaced by renaming: a file system that has to wait in a rename (ext4 for the end of a
/// transaction, a fifth of a second on a busy disk) holds up everybody who begins a segment in the same folder.</para>
/// <para>It only ever causes duplicates, never loss: a file that is missing, old or unreadable means that what is still in the
/// folder is delivered again. So it is not flushed, whatever <see cref="JournalOptions.Sync"/> says.</para>
/// </remarks>
internal sealed class Checkpoint(string folder)
{
    private const int SlotLength = 64;
    private const int Slots = 2;

    private readonly string _path = Path.Combine(folder, "checkpoint");
    private int _next;

    /// <summary>The last delivered sequence, 0 where nothing is known.</summary>
    public long Read()
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(_path);
        }
        catch (FileNotFoundException)
        {
            return 0;
        }

        var last = 0L;
        for (var slot = 0; slot < Slots && slot * SlotLength < bytes.Length; slot++)
        {
            var sequence = SequenceIn(bytes.AsSpan(slot * SlotLength, Math.Min(SlotLength, bytes.Length - (slot * SlotLength))));
            if (sequence > last)
            {
                last = sequence;
                _next = (slot + 1) % Slots;
            }
        }

        return last;
    }

    /// <exception cref="IOException">The file cannot be written; what it said stands.</exception>
    public void Write(long sequence)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"v2 {sequence}");
        var slot = Encoding.ASCII.GetBytes($"{text} {Checksum(text)}".PadRight(SlotLength - 1) + "\n");
        using var file = File.OpenHandle(_path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.Write(file, slot, _next * SlotLength);
        _next = (_next + 1) % Slots;
    }

    private static long SequenceIn(ReadOnlySpan<byte> slot)
    {
        var text = Encoding.ASCII.GetString(slot).Split('\n')[0].TrimEnd();
        var space = text.LastIndexOf(' ');
        return space > 3
            && (text.StartsWith("v2 ", StringComparison.Ordinal) || text.StartsWith("v1 ", StringComparison.Ordinal))
            && text[(space + 1)..] == Checksum(text[..space])
            && long.TryParse(text[3..space], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                ? sequence
                : 0;
    }

    private static string Checksum(string text) =>
        Crc32C.Of(Encoding.ASCII.GetBytes(text)).ToString("x8", CultureInfo.InvariantCulture);
}
