namespace EndToEnd.Tests;

/// <summary>A folder of the test's own, gone with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pixel-e2e-");

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
