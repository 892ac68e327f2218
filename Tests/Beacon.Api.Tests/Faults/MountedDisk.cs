using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Beacon.Api.Tests.Journal;

namespace Beacon.Api.Tests.Faults;

/// <summary>A file system of one's own that can be filled, be made unwritable and lose its power.</summary>
internal sealed class MountedDisk : IDisposable
{
    private readonly TempFolder _place = new();
    private readonly string[] _mount;
    private int _fillings;

    private MountedDisk(params string[] mount)
    {
        _mount = mount;
        Directory.CreateDirectory(Path);
    }

    /// <summary>Where it is mounted.</summary>
    public string Path => _place["disk"];

    /// <summary>How much room there is.</summary>
    public long Free => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>A file system in memory. Skips the test where it cannot be mounted.</summary>
    public static MountedDisk InMemory(int mebibytes)
    {
        var disk = new MountedDisk("-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs");
        disk.MountOrSkip();
        return disk;
    }

    /// <summary>An ext4 on a disk that is a file. Skips the test where it cannot be mounted.</summary>
    public static MountedDisk Ext4(int mebibytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ext4 is for Linux.");
        var image = System.IO.Path.GetTempFileName();
        var disk = new MountedDisk("-t", "ext4", "-o", "loop", image) { Image = image };
        using (var file = File.OpenHandle(image, access: FileAccess.Write))
        {
            RandomAccess.SetLength(file, (long)mebibytes << 20);
        }

        Assert.SkipUnless(Run("mkfs.ext4", "-q", "-F", image), "Making a file system needs e2fsprogs.");
        disk.MountOrSkip();
        return disk;
    }

    private string? Image { get; init; }

    /// <summary>Takes the room that others would take, but for so many bytes.</summary>
    public void Fill(long leave = 0)
    {
        // A file for each time: what an earlier one holds stays taken.
        using var file = File.OpenHandle(System.IO.Path.Combine(Path, $"filling-{_fillings++}"), FileMode.Create, FileAccess.Write);
        byte[] zeros = new byte[1 << 20];
        long at = 0;
        for (var step = zeros.Length; step >= 4096; step /= 2)
        {
            try
            {
                while (Free - step >= leave)
                {
                    RandomAccess.Write(file, zeros.AsSpan(0, step), at);
                    at += step;
                }
            }
            catch (IOException)
            {
                // Somebody else was faster: it is as full as that.
            }
        }
    }

    /// <summary>Gives back what was taken.</summary>
    public void Empty()
    {
        foreach (var file in Directory.GetFiles(Path, "filling-*"))
        {
            File.Delete(file);
        }
    }

    /// <summary>
    /// Cuts the power: what no flush has brought to the disk is gone, and every call fails from now on. It is what file
    /// system developers test theirs with (EXT4_IOC_SHUTDOWN without a flush of its log).
    /// </summary>
    public void CutPower()
    {
        const uint Shutdown = 0x8004587d;
        const int CloseOnExec = 0x80000;
        Span<byte> withoutFlush = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(withoutFlush, 2);
        var folder = Open(Path, CloseOnExec); // else a program that another test starts now would hold the disk
        Assert.True(folder >= 0);
        var done = IoControl(folder, Shutdown, ref MemoryMarshal.GetReference(withoutFlush));
        _ = Close(folder);
        Assert.SkipUnless(done == 0, "This file system cannot be shut down.");
    }

    /// <summary>The machine comes up again: the file system recovers from its log.</summary>
    public void Restart()
    {
        Assert.True(Run("umount", Path), "Something still holds the disk.");
        Assert.True(Run("mount", [.. _mount, Path]));
    }

    /// <summary>Lets no name in a folder be made, renamed or deleted, or again. Skips the test where that is not possible.</summary>
    public static void Freeze(string folder, bool frozen) =>
        Assert.SkipUnless(Run("chattr", frozen ? "+i" : "-i", folder), "Making a folder immutable needs chattr and a file system that knows it.");

    public void Dispose()
    {
        Run("umount", "--lazy", Path);
        _place.Dispose();
        if (Image is not null)
        {
            File.Delete(Image);
        }
    }

    private void MountOrSkip()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || !Run("mount", [.. _mount, Path]))
        {
            _place.Dispose();
            Assert.Skip("Mounting a file system needs Linux and root.");
        }
    }

    private static bool Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "ioctl")]
    private static extern int IoControl(int descriptor, nuint request, ref byte argument);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
