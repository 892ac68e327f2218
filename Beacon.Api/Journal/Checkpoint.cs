using System.Globalization;
using System.Text;

namespace Beacon.Api.Journal;

/// <summary>
/// The file that says how far delivery has come: <c>v1 &lt;sequence&gt; &lt;checksum&gt;</c>, replaced whole. Every event up to and
/// including the sequence is delivered.
/// </summary>
/// <remarks>
/// It only ever causes duplicates, never loss: a file that is missing, old or unreadable means that what is still in the
/// folder is delivered again. So it is not flushed, whatever <see cref="JournalOptions.Sync"/> says.
/// </remarks>
internal sealed class Checkpoint(string folder)
{
    private const string FileName = "checkpoint";

    private readonly string _path = Path.Combine(folder, FileName);
    private readonly string _next = Path.Combine(folder, FileName + ".next");

    /// <summary>The last delivered sequence, 0 where nothing is known.</summary>
    public long Read()
    {
        string text;
        try
        {
            text = File.ReadAllText(_path);
        }
        catch (FileNotFoundException)
        {
            return 0;
        }

        var space = text.LastIndexOf(' ');
        return space > 3
            && text.StartsWith("v1 ", StringComparison.Ordinal)
            && text[(space + 1)..].TrimEnd() == Checksum(text[..space])
            && long.TryParse(text[3..space], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                ? sequence
                : 0;
    }

    /// <exception cref="IOException">The file cannot be written; the former one stands.</exception>
    public void Write(long sequence)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"v1 {sequence}");
        File.WriteAllText(_next, $"{text} {Checksum(text)}\n");
        File.Move(_next, _path, overwrite: true);
    }

    private static string Checksum(string text) =>
        Crc32C.Of(Encoding.ASCII.GetBytes(text)).ToString("x8", CultureInfo.InvariantCulture);
}
