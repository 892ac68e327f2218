using System.IO.Compression;
using System.Security.Cryptography;

namespace Infrastructure.Publishing;

/// <summary>A file of a package.</summary>
/// <param name="Name">Its path in the package, with slashes.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="IsProgram">Whether it is started, and so must be executable.</param>
internal sealed record PackageFile(string Name, string Path, bool IsProgram);

/// <summary>
/// A package for Lambda. The same files give the same bytes, whenever and wherever they were written: the key of a package
/// is its hash, and CloudFormation is to see a new version only where there is one.
/// </summary>
internal static class PackageZip
{
    /// <summary>The oldest that a zip can say; build times say nothing.</summary>
    private static readonly DateTimeOffset Always = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What everybody may do with a file that is started: 0755.</summary>
    public const UnixFileMode Executable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const int RegularFile = 0x8000; // S_IFREG of stat(2)

    /// <summary>Writes the package.</summary>
    /// <remarks>
    /// Only on Unix does the framework say in the zip that the attributes are Unix's, without which nothing in it is
    /// executable: <see cref="ProgramBuild"/> refuses other systems.
    /// </remarks>
    public static void Write(string zip, IEnumerable<PackageFile> files)
    {
        using var archive = ZipFile.Open(zip, ZipArchiveMode.Create);
        foreach (var file in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            var entry = archive.CreateEntry(file.Name, CompressionLevel.SmallestSize);
            entry.LastWriteTime = Always;
            entry.ExternalAttributes = (RegularFile | (int)(file.IsProgram ? Executable : Readable)) << 16;
            using var content = entry.Open();
            using var source = File.OpenRead(file.Path);
            source.CopyTo(content);
        }
    }

    /// <summary>A short name for what is in files: the same for the same content under the same names.</summary>
    public static string VersionOf(IEnumerable<PackageFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            using var content = File.OpenRead(file.Path);
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{file.Name}\n{file.IsProgram}\n"));
            hash.AppendData(SHA256.HashData(content));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}
