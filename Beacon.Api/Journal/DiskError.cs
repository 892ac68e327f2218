using System.Runtime.InteropServices;

namespace Beacon.Api.Journal;

/// <summary>What the operating system's refusals mean to a journal.</summary>
internal static class DiskError
{
    // errno values as .NET puts them into HResult on Unix, and Win32 codes as it wraps them on Windows.
    private const int NoSpaceUnix = 28;              // ENOSPC
    private const int QuotaLinux = 122;              // EDQUOT
    private const int QuotaMacOS = 69;               // EDQUOT
    private const int HandleDiskFullWindows = unchecked((int)0x80070027);
    private const int DiskFullWindows = unchecked((int)0x80070070);

    private const int SigXFsz = 25; // on Linux and macOS alike
    private static PosixSignalRegistration? _fileSizeSignal;

    /// <summary>
    /// Makes a write beyond the process's file-size limit an error like any other: by default its signal ends the
    /// process. For the whole process, once.
    /// </summary>
    public static void SurviveFileSizeLimit()
    {
        if (!OperatingSystem.IsWindows())
        {
            _fileSizeSignal ??= PosixSignalRegistration.Create((PosixSignal)SigXFsz, static context => context.Cancel = true);
        }
    }

    /// <summary>Whether an exception comes from the disk, so that it is an expected outcome and not a broken assumption.</summary>
    public static bool IsExpected(Exception exception) =>
        exception is IOException or UnauthorizedAccessException || IsTooLarge(exception);

    /// <summary>Whether space is what is missing: then later tries may succeed without anyone's help.</summary>
    public static bool IsFull(Exception exception) =>
        IsTooLarge(exception)
        || (exception is IOException && exception.HResult is DiskFullWindows or HandleDiskFullWindows)
        || (exception is IOException && OperatingSystem.IsLinux() && exception.HResult is NoSpaceUnix or QuotaLinux)
        || (exception is IOException && OperatingSystem.IsMacOS() && exception.HResult is NoSpaceUnix or QuotaMacOS);

    /// <summary>Whether the file would exceed a size limit of the process or the file system: .NET throws this for EFBIG.</summary>
    public static bool IsTooLarge(Exception exception) => exception is ArgumentOutOfRangeException { ParamName: "value" };
}
