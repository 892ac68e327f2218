namespace Infrastructure.Publishing;

/// <summary>A package for Lambda, as it was written.</summary>
/// <param name="Program">Whose: the beacon's or the worker's.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="SizeOfFiles">The size of the files in it, which Lambda unpacks, in bytes.</param>
public sealed record PublishedPackage(string Program, string Path, long Size, long SizeOfFiles)
{
    /// <summary>The most that a beacon's package is to be, in bytes: what is downloaded before a first request is answered.</summary>
    public const long MostOfBeacon = 12_000_000;

    /// <summary>The most that Lambda unpacks, with its layers, in bytes (AWS Lambda Developer Guide, "Lambda quotas": 250 MB).</summary>
    public const long MostUnpacked = 250 * 1024 * 1024;

    /// <summary>The name of its file.</summary>
    public string FileName => System.IO.Path.GetFileName(Path);
}
