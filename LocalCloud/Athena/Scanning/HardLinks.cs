using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LocalCloud.Athena.Scanning;

/// <summary>Gives a file a second name, which .NET has no call for.</summary>
internal static class HardLinks
{
    /// <summary>Makes <paramref name="link"/> another name of <paramref name="file"/>, or a copy where the file system has no links.</summary>
    public static void Create(string link, string file)
    {
        var linked = OperatingSystem.IsWindows() ? CreateHardLink(link, file, 0) : Link(file, link) == 0;
        if (linked)
        {
            return;
        }

        var error = Marshal.GetLastPInvokeError();
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"The body of an object is gone: {new Win32Exception(error).Message}", file);
        }

        // Another file system, one without links, or too many links to one file.
        File.Copy(file, link, overwrite: true);
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string file, [MarshalAs(UnmanagedType.LPUTF8Str)] string link);

    [DllImport("kernel32", EntryPoint = "CreateHardLinkW", SetLastError = true, CharSet = CharSet.Unicode, ExactSpelling = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool CreateHardLink(string link, string file, nint security);
}
