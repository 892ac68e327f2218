using Microsoft.Win32.SafeHandles;

namespace Beacon.Api.Journal;

/// <summary>
/// The folder for bytes that are not records: each stretch in a file named by its segment and offset, so that a person
/// can look at what it was. Nothing deletes them.
/// </summary>
internal sealed class Quarantine(string journalFolder)
{
    private readonly string _folder = Path.Combine(journalFolder, "quarantine");

    /// <summary>Copies a stretch of a segment.</summary>
    /// <returns>False when it was there already: a restart meets the same damage again.</returns>
    /// <exception cref="IOException">It could not be copied.</exception>
    public bool Copy(string segmentPath, DamagedStretch damage)
    {
        Directory.CreateDirectory(_folder);
        var target = Path.Combine(
            _folder,
            $"{Path.GetFileNameWithoutExtension(segmentPath)}-{damage.Offset}{(damage.Unfinished ? ".unfinished" : ".damaged")}");
        if (File.Exists(target) && new FileInfo(target).Length == damage.Length)
        {
            return false;
        }

        using var source = File.OpenHandle(segmentPath, share: FileShare.ReadWrite | FileShare.Delete);
        using (var copy = File.OpenHandle(target + ".next", FileMode.Create, FileAccess.Write))
        {
            CopyBytes(source, damage, copy);
        }

        File.Move(target + ".next", target, overwrite: true);
        return true;
    }

    /// <summary>Takes a whole segment that would otherwise be deleted: needs no space, so it works on a full disk.</summary>
    /// <exception cref="IOException">It could not be moved.</exception>
    public void Move(string segmentPath)
    {
        Directory.CreateDirectory(_folder);
        File.Move(segmentPath, Path.Combine(_folder, Path.GetFileName(segmentPath)), overwrite: true);
    }

    private static void CopyBytes(SafeFileHandle source, DamagedStretch damage, SafeFileHandle copy)
    {
        var buffer = new byte[Math.Min(damage.Length, 1 << 20)];
        for (long done = 0; done < damage.Length;)
        {
            var wanted = (int)Math.Min(buffer.Length, damage.Length - done);
            var read = RandomAccess.Read(source, buffer.AsSpan(0, wanted), damage.Offset + done);
            if (read == 0)
            {
                return;
            }

            RandomAccess.Write(copy, buffer.AsSpan(0, read), done);
            done += read;
        }
    }
}
