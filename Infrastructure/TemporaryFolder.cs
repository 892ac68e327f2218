namespace Infrastructure;

/// <summary>A folder that goes when it is no longer needed.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("pixel-synth-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
