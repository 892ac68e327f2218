using System.Buffers.Binary;
using System.Text;

namespace Infrastructure.Publishing;

/// <summary>
/// The version of the C library that a native program needs. A program is linked against that of the machine that
/// compiles it, and one that needs a newer version than Amazon Linux 2023 has does not start in Lambda at all.
/// </summary>
/// <remarks>
/// Read from the section <c>.gnu.version_r</c> of a 64-bit ELF file: Linux Standard Base, Core, "Version Requirements".
/// </remarks>
internal static class GlibcRequirement
{
    /// <summary>What <c>provided.al2023</c> has (Amazon Linux 2023 User Guide, "Comparing AL2 and AL2023": glibc 2.34).</summary>
    public static readonly Version InLambda = new(2, 34);

    private const uint VersionNeeds = 0x6ffffffe;
    private const string Prefix = "GLIBC_";

    /// <summary>The newest version that anything in the program asks for; null when it asks for none.</summary>
    /// <exception cref="InvalidDataException">It is no 64-bit ELF file of a little-endian processor.</exception>
    public static Version? Of(string program)
    {
        var file = File.ReadAllBytes(program).AsSpan();
        if (file.Length < 64 || !file.StartsWith("\u007fELF"u8) || file[4] != 2 || file[5] != 1)
        {
            throw new InvalidDataException($"{program} is no 64-bit Linux program.");
        }

        var sections = (int)BinaryPrimitives.ReadUInt64LittleEndian(file[40..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(file[58..]), count = BinaryPrimitives.ReadUInt16LittleEndian(file[60..]);
        Version? newest = null;
        for (var i = 0; i < count; i++)
        {
            var section = file.Slice(sections + (i * size), size);
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) == VersionNeeds)
            {
                var names = Start(file.Slice(sections + ((int)BinaryPrimitives.ReadUInt32LittleEndian(section[40..]) * size), size));
                foreach (var name in Needs(file, Start(section), names))
                {
                    if (name.StartsWith(Prefix, StringComparison.Ordinal) && Version.TryParse(name[Prefix.Length..], out var version) && (newest is null || version > newest))
                    {
                        newest = version;
                    }
                }
            }
        }

        return newest;
    }

    // Libraries are linked to each other by offsets, and so are the versions that are needed of each.
    private static List<string> Needs(ReadOnlySpan<byte> file, int library, int names)
    {
        var found = new List<string>();
        for (var next = -1; next != 0; library += next)
        {
            var version = library + (int)BinaryPrimitives.ReadUInt32LittleEndian(file[(library + 8)..]);
            for (var more = BinaryPrimitives.ReadUInt16LittleEndian(file[(library + 2)..]); more > 0; more--)
            {
                var name = file[(names + (int)BinaryPrimitives.ReadUInt32LittleEndian(file[(version + 8)..]))..];
                found.Add(Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]));
                version += (int)BinaryPrimitives.ReadUInt32LittleEndian(file[(version + 12)..]);
            }

            next = (int)BinaryPrimitives.ReadUInt32LittleEndian(file[(library + 12)..]);
        }

        return found;
    }

    private static int Start(ReadOnlySpan<byte> section) => (int)BinaryPrimitives.ReadUInt64LittleEndian(section[24..]);
}
