using System.Text.Json.Nodes;
using Infrastructure;

namespace Cli.Tests.Deployment;

/// <summary>
/// One publication for all tests that look at it, with everything on that the default way can have: compiling takes minutes,
/// and next to nothing when no source has changed.
/// </summary>
public sealed class Publication : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pixel-publish-");
    private readonly string? _lacking = Lacking();
    private CommandRun? _run;

    /// <summary>The folder. Skips the test where nothing can be published.</summary>
    public string Folder
    {
        get
        {
            Assert.SkipWhen(_lacking is not null, _lacking ?? "");
            Assert.True(_run!.ExitCode == 0, _run.Error);
            return _folder.FullName;
        }
    }

    /// <summary>What the command printed.</summary>
    internal CommandRun Run => _run!;

    /// <summary>The stacks in the order of their deployment.</summary>
    public static string[] Stacks { get; } = ["PixelLake", "PixelEdgeGlobal", "PixelEdge", "PixelEdgeWatch", "PixelWorker"];

    public string this[params string[] path] => Path.Combine([Folder, .. path]);

    /// <summary>The package of a program.</summary>
    public string Package(string program) => Assert.Single(Directory.GetFiles(this["packages"], $"{program}-*.zip"));

    /// <summary>A template.</summary>
    public JsonNode Template(string stack) => JsonNode.Parse(File.ReadAllText(this["cdk.out", $"{stack}.template.json"]))!;

    /// <summary>The parameters of a stack.</summary>
    public Dictionary<string, string> Parameters(string stack) => JsonNode.Parse(File.ReadAllText(this["parameters", $"{stack}.json"]))!.AsArray()
        .ToDictionary(one => (string)one!["ParameterKey"]!, one => (string)one!["ParameterValue"]!);

    public async ValueTask InitializeAsync()
    {
        if (_lacking is null)
        {
            _run = await CommandRun.OfAsync("publish", "--output", _folder.FullName, "--waf", "--parameter", "BufferSeconds=900");
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static string? Lacking() =>
        !OperatingSystem.IsLinux() ? "Packages for Lambda are made on Linux."
        : !NodeRuntime.IsThere() ? "Synthesizing needs Node.js, which is not on the path."
        : !Programs.IsInstalled("clang") && !Programs.IsInstalled("gcc") ? "Publishing a native program needs a linker: clang or gcc is not installed."
        : null;
}

/// <summary>Tests that share the publication.</summary>
[CollectionDefinition(Name)]
public sealed class UsesPublication : ICollectionFixture<Publication>
{
    public const string Name = "publication";
}

internal static class Programs
{
    public static bool IsInstalled(string program) => Find(program) is not null;

    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
