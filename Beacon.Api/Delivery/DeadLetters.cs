using System.Globalization;
using Beacon.Api.Journal;

namespace Beacon.Api.Delivery;

/// <summary>
/// The folder for events that cannot be delivered as they are: <c>&lt;sequence&gt;.json</c> holds the event,
/// <c>&lt;sequence&gt;.reason</c> one line saying why. Nothing deletes them.
/// </summary>
internal sealed class DeadLetters(string journalFolder)
{
    private readonly string _folder = Path.Combine(journalFolder, "dead-letter");

    /// <remarks>Writing the same event again, after a restart, replaces the file by itself.</remarks>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Write(in JournalRecord record, string reason)
    {
        Directory.CreateDirectory(_folder);
        var name = Path.Combine(_folder, record.Sequence.ToString("D20", CultureInfo.InvariantCulture));
        File.WriteAllText(name + ".reason", reason + "\n");
        using (var file = File.OpenHandle(name + ".next", FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, record.Payload.Span, 0);
        }

        File.Move(name + ".next", name + ".json", overwrite: true);
    }
}
