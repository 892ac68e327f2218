namespace Beacon.Api.Journal;

/// <summary>
/// Tells file systems on which a filled and mapped file is safe: a page, once written, can be written again whatever else
/// happens on the disk.
/// </summary>
/// <remarks>
/// Copy-on-write file systems (btrfs, ZFS, bcachefs, APFS, ReFS) take new space for every write of an old page, and those over a
/// network, or in another process, may refuse at any time: a store that they cannot take ends the process. So this is a
/// list of those known to be safe, and whatever it does not name (overlays too, which may lie on anything) is written through the file.
/// On NTFS a compressed folder gives its files no fixed space either.
/// </remarks>
internal static class SafeMapping
{
    private static readonly string[] Safe = ["ext2", "ext3", "ext4", "xfs", "tmpfs", "NTFS"];

    public static bool IsPossible(string folder)
    {
        try
        {
            var path = Path.GetFullPath(folder);
            return Safe.Contains(new DriveInfo(path).DriveFormat, StringComparer.OrdinalIgnoreCase)
                && (File.GetAttributes(path) & (FileAttributes.Compressed | FileAttributes.SparseFile)) == 0;
        }
        catch (Exception exception) when (exception is ArgumentException || DiskError.IsExpected(exception))
        {
            return false;
        }
    }
}
