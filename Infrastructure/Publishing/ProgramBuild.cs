using System.ComponentModel;
using System.Diagnostics;
using Infrastructure.Functions;

namespace Infrastructure.Publishing;

/// <summary>Compiles a program of this checkout for Lambda, with the .NET SDK, in folders of its own.</summary>
/// <param name="checkout">The root of the checkout.</param>
/// <param name="architecture">The processors to compile for.</param>
internal sealed class ProgramBuild(string checkout, ProcessorArchitecture architecture)
{
    private const int LinesShown = 15;

    /// <summary>What Lambda starts.</summary>
    public const string Bootstrap = "bootstrap";

    /// <summary>Says what is missing before anything is compiled.</summary>
    /// <exception cref="PublishException">This machine cannot make the beacon's program.</exception>
    public void MustBePossible()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PublishException("Native AOT compiles for the operating system that it runs on, and Lambda runs Linux: publish on Linux, such as in WSL, in a container or in CI.");
        }

        if (!new[] { "clang", "gcc" }.Any(IsInstalled))
        {
            throw new PublishException("Native AOT needs a linker: `apt-get install clang zlib1g-dev` on Debian, `dnf install clang zlib-devel` on Amazon Linux.");
        }

        if (architecture != PublishOptions.HostArchitecture && !(IsInstalled("clang") && IsInstalled($"{Gnu}-ld") && IsInstalled($"{Gnu}-gcc")))
        {
            var other = PublishOptions.HostArchitecture.InLambda();
            throw new PublishException(
                $"This machine cannot compile the beacon for {architecture.InLambda()}, which needs clang and {Gnu}-gcc with its libraries: choose --architecture {other}, or publish on such a machine.");
        }
    }

    /// <summary>The beacon as one native program.</summary>
    /// <exception cref="PublishException">It does not compile, or would not start in Lambda.</exception>
    public async Task<IReadOnlyList<PackageFile>> BeaconAsync(CancellationToken cancel)
    {
        // What clang is told of another processor is in the SDK's own targets; the symbols must be stripped by its tools.
        string[] cross = architecture == PublishOptions.HostArchitecture ? [] : [$"-p:ObjCopyName={Gnu}-objcopy"];
        var folder = await PublishAsync("Beacon.Api", cancel, ["-p:PublishAot=true", .. cross]);
        var files = Files(folder, "Beacon.Api");
        var needs = GlibcRequirement.Of(files.Single(file => file.Name == Bootstrap).Path);
        if (needs > GlibcRequirement.InLambda)
        {
            throw new PublishException(
                $"The beacon that was compiled here needs glibc {needs}, and Lambda has {GlibcRequirement.InLambda}: publish on Debian 12, Ubuntu 22.04 or Amazon Linux 2023, such as in a container.");
        }

        return files;
    }

    /// <summary>
    /// The worker with the runtime, which <c>provided.al2023</c> has not; compiled ahead where it can be, which leaves less to
    /// do at its start. It is no native program: what reads and writes Parquet makes code at run time.
    /// </summary>
    /// <exception cref="PublishException">It does not compile.</exception>
    public async Task<IReadOnlyList<PackageFile>> WorkerAsync(CancellationToken cancel) =>
        Files(await PublishAsync("Catalog.Worker", cancel, "--self-contained", "-p:PublishReadyToRun=true"), "Catalog.Worker");

    private string Gnu => architecture is ProcessorArchitecture.Arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";

    private string Runtime => architecture is ProcessorArchitecture.Arm64 ? "linux-arm64" : "linux-x64";

    /// <summary>
    /// What goes into a package: not symbols and documentation, which only make it larger. The program is called as Lambda
    /// calls it; both kinds find what belongs to them in their own folder, whatever their name.
    /// </summary>
    internal static IReadOnlyList<PackageFile> Files(string folder, string program) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => (Path: path, Name: Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/')))
            .Where(file => Path.GetExtension(file.Name) is not (".pdb" or ".dbg" or ".xml") && !file.Name.EndsWith(".staticwebassets.endpoints.json", StringComparison.Ordinal))
            .Select(file => new PackageFile(file.Name == program ? Bootstrap : file.Name, file.Path, file.Name == program)),
    ];

    private async Task<string> PublishAsync(string project, CancellationToken cancel, params string[] more)
    {
        // Apart from what an ordinary build makes: a restore for one platform would change what that finds.
        var artifacts = Path.Combine(checkout, "obj", "publish", Runtime);
        var output = Path.Combine(artifacts, "out", project);
        if (Directory.Exists(output))
        {
            Directory.Delete(output, recursive: true); // what an earlier version had, and this one has not
        }

        string[] arguments =
        [
            "publish", Path.Combine(checkout, project, $"{project}.csproj"), "--configuration", "Release", "--runtime", Runtime,
            "--artifacts-path", artifacts, "--output", output, "--nologo", "-tl:off", .. more,
            // What these leave running would keep our pipe open.
            "-nodeReuse:false", "-p:UseSharedCompilation=false",
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = checkout, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var process = Start(start);
        try
        {
            var (text, error) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
            await process.WaitForExitAsync(cancel);
            var lines = (await text + await error).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return process.ExitCode == 0
                ? output
                : throw new PublishException($"{project} does not compile:{Environment.NewLine}{string.Join(Environment.NewLine, Telling(lines))}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new PublishException("The .NET SDK is needed to publish, and dotnet is not on the path.", error);
        }
    }

    private static IEnumerable<string> Telling(string[] lines)
    {
        var errors = lines.Where(line => line.Contains("error ", StringComparison.Ordinal)).Distinct().Take(LinesShown).ToList();
        return errors.Count > 0 ? errors : lines.TakeLast(LinesShown);
    }

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, program)));
}
