using System.Diagnostics;
using System.Reflection;

namespace Beacon.Api.Tests.Native;

/// <summary>
/// The beacon as a native program, published once for all tests that ask for it: that takes a minute, and next to nothing
/// when no source has changed. It has folders of its own below the tests' output, so that the ordinary build keeps its own.
/// </summary>
public sealed class NativeProgram : IAsyncLifetime
{
    private static readonly string Folder = System.IO.Path.Combine(AppContext.BaseDirectory, "native");

    private readonly string? _lacking = Linkers().Any(IsInstalled) ? null : $"Publishing a native program needs a linker: {string.Join(" or ", Linkers())} is not installed.";

    /// <summary>What the SDK said when it published.</summary>
    public string Printed { get; private set; } = "";

    /// <summary>The program. Skips the test where it cannot be made.</summary>
    public string Path
    {
        get
        {
            Assert.SkipWhen(_lacking is not null, _lacking ?? "");
            return System.IO.Path.Combine(Folder, "publish", "Beacon.Api" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (_lacking is not null)
        {
            return;
        }

        var project = typeof(NativeProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "BeaconProject").Value!;
        var start = new ProcessStartInfo("dotnet",
        [
            "publish", project, "--configuration", "Release", "--use-current-runtime", "-p:PublishAot=true",
            "--artifacts-path", Folder, "--output", System.IO.Path.Combine(Folder, "publish"), "--nologo", "-tl:off",
            // What these leave running would keep our pipe open.
            "-nodeReuse:false", "-p:UseSharedCompilation=false",
        ])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = System.IO.Path.GetDirectoryName(project)!,
        };
        using var publish = Process.Start(start)!;
        Printed = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        Assert.True(publish.ExitCode == 0, Printed);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Those that the SDK takes, in its order; on Windows it finds Visual Studio's by itself, and these tests do not look for that.
    private static string[] Linkers() => OperatingSystem.IsWindows() ? ["Visual C++"] : ["clang", "gcc"];

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(System.IO.Path.Combine(folder, program)));
}
