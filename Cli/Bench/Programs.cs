namespace Cli.Bench;

/// <summary>Where our own programs lie when they are built: <c>dotnet pixel.cs bench</c> builds them before it runs this.</summary>
internal static class Programs
{
    /// <summary>The beacon, the real one.</summary>
    public static string Beacon => Built("Beacon.Api", "Beacon.Api");

    /// <summary>The endpoint that keeps nothing.</summary>
    public static string Kestrel => Built("bench/Kestrel", "Bench.Kestrel");

    /// <summary>What stands in for Firehose.</summary>
    public static string Sink => Built("bench/Sink", "Bench.Sink");

    /// <summary>The BenchmarkDotNet benchmarks.</summary>
    public static string Micro => Built("bench/Micro", "Bench.Micro");

    /// <summary>The folder of the checkout that this program was built in.</summary>
    /// <exception cref="CommandFailure">There is none.</exception>
    public static string Checkout
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "PixelAspire.sln")))
                {
                    return folder.FullName;
                }
            }

            throw new CommandFailure("This runs in a checkout: run it there with `dotnet pixel.cs`.");
        }
    }

    /// <summary>A program that the user named.</summary>
    /// <exception cref="CommandFailure">There is no such file.</exception>
    public static string Named(string path) => File.Exists(path)
        ? Path.GetFullPath(path)
        : throw new CommandFailure($"There is no program {path}.");

    private static string Built(string folder, string name)
    {
        // bin/Release/net10.0: the others are built as this one is.
        var target = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Path.Combine(Checkout, folder, "bin", target.Parent!.Name, target.Name, OperatingSystem.IsWindows() ? name + ".exe" : name);
        return File.Exists(program)
            ? program
            : throw new CommandFailure($"{program} is not built: `dotnet pixel.cs bench` builds what it needs.");
    }
}
