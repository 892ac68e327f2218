// The launcher: `dotnet pixel.cs <command>`, on Linux, macOS and Windows, with nothing but the .NET SDK.
//
// It uses the framework alone. It must run before any package is restored, because it is the one that
// finds out which packages can be (PackageSource below), and it must build when the rest does not.
//
// What it keeps is two files, both ignored by git: packages.local.props (what the package source carries)
// and obj/pixel.stamp (what was built last). Deleting either only costs the time to find out again.
//
// `dotnet` takes --help, -p, -v and --no-build for itself, so every option here is long and none is
// called that; `dotnet pixel.cs help query` is how one asks for help.
#:property PublishAot=false

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

try
{
    Checkout.MustBeHere();
    return args switch
    {
        [] or ["help"] or ["--help"] => Help.Show(),
        ["help", "up" or "test" or "doctor" or "help"] => Help.Show(),
        ["help", .. var command] => await Forward.ToCliAsync([.. command, "--help"]),
        ["up", .. var options] => await Up.RunAsync(options),
        ["test", .. var options] => await Test.RunAsync(options),
        ["doctor"] => await Doctor.RunAsync(),
        ["doctor", ..] => throw new Refusal("doctor takes no options."),
        _ => await Forward.ToCliAsync(args),
    };
}
catch (Refusal refusal)
{
    Console.Error.WriteLine(refusal.Message);
    return 1;
}

/// <summary>What the user can mend, said in one sentence; ends the launcher with exit code 1.</summary>
internal sealed class Refusal(string sentence) : Exception(sentence);

internal static class Help
{
    public static int Show()
    {
        Console.WriteLine("""
            PixelAspire: a tracking pixel that loses nothing, from the browser to SQL.

            dotnet pixel.cs <command>

              up          run the whole system on this machine
                            --data DIR         where it keeps everything (default: .pixel)
                            --port N           the pixel (default: 8080)
                            --cloud-port N     S3, Firehose, Glue and Athena (default: 4566)
                            --worker-port N    the catalog's jobs (default: 8082)
                            --dashboard        logs, metrics and traces in the Aspire dashboard, where that is installed
              demo        send realistic traffic to the running system
              query       ask a question in SQL: dotnet pixel.cs query "SELECT count(*) FROM events"
              flush       bring what is still buffered into the lake now
              export      print everything about a person: export --user-id X
              erase       remove a person's events from everywhere: erase --user-id X
              bench       measure how fast it is: bench beacon, start, packing, delivery, micro
              cost        compute what running it on AWS costs: cost --way functionurl
              publish     write what AWS needs into a folder: publish -o out [--way cloudfront] [--waf]
              destroy     delete from AWS what was deployed from there, except the lake: destroy -o out
              test        run every test that can run here, but for the long ones
                            --filter EXPRESSION        some tests; the long ones: Category=Soak
              doctor      what is installed, which ports are free, what would not work and why
              help        this page; help demo, query, erase, bench, cost, publish and others say more

            Start with `dotnet pixel.cs up`.
            """);
        return 0;
    }
}

/// <summary>The folder this file lies in, and what is found in it.</summary>
internal static class Checkout
{
    public static readonly string Root =
        AppContext.GetData("EntryPointFileDirectoryPath") as string ?? Directory.GetCurrentDirectory();

    public static string File(params string[] path) => Path.Combine([Root, .. path]);

    public static void MustBeHere()
    {
        if (!System.IO.File.Exists(File("PixelAspire.sln")))
        {
            throw new Refusal($"pixel.cs works beside PixelAspire.sln, which is not in {Root}: run it in the root of a checkout.");
        }
    }

    /// <summary>The built program of a project: the file that the operating system starts.</summary>
    public static string Program(string folder, string name) =>
        File(folder, "bin", "Release", "net10.0", OperatingSystem.IsWindows() ? name + ".exe" : name);
}

/// <summary>The .NET SDK that builds: the one that runs this file.</summary>
internal static class Sdk
{
    public static readonly string Dotnet = Find();

    /// <summary>Its version, or null where none answers or it is older than global.json asks for.</summary>
    public static async Task<string?> VersionAsync()
    {
        try
        {
            var lines = new List<string>();
            return await Child.RunAsync(Dotnet, ["--version"], lines.Add) == 0 ? lines.LastOrDefault() : null;
        }
        catch (Refusal)
        {
            return null;
        }
    }

    public static async Task MustBeHereAsync()
    {
        if (await VersionAsync() is null)
        {
            throw new Refusal("The .NET SDK 10.0.100 or newer is needed to build, and `dotnet --version` does not answer one here: get it from https://dot.net.");
        }
    }

    private static string Find()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        // <root>/shared/Microsoft.NETCore.App/<version>/ is where the runtime of this process lies.
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        string[] candidates = [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "", Path.Combine(root, name)];
        return candidates.FirstOrDefault(System.IO.File.Exists) ?? name;
    }
}

/// <summary>
/// Finds out once whether the package source carries the official packages that stand-ins/ can replace, and
/// remembers it in packages.local.props, which Directory.Build.props reads. Only an answer counts: a source
/// that says it has no such package. A network that is away says nothing, and nothing is remembered then.
/// </summary>
internal static partial class PackageSource
{
    private static readonly string Remembered = Checkout.File("packages.local.props");

    /// <summary>True: stand-ins are in use. Null: not found out yet.</summary>
    public static bool? UsesStandIns => System.IO.File.Exists(Remembered)
        ? XDocument.Load(Remembered).Descendants("PixelStandIns").LastOrDefault()?.Value.Trim() == "true"
        : null;

    /// <summary>The packages that decide: those with a stand-in, and what the Aspire projects need.</summary>
    private static string[] Deciding =>
        [.. Directory.EnumerateDirectories(Checkout.File("stand-ins")).Select(Path.GetFileName).OfType<string>()
            .Where(name => System.IO.File.Exists(Checkout.File("stand-ins", name, name + ".csproj"))).Order(),
         "Aspire.Hosting", "Aspire.Hosting.AWS"];

    public static async Task EnsureKnownAsync()
    {
        if (UsesStandIns is not null)
        {
            return;
        }

        await Sdk.MustBeHereAsync();
        Console.WriteLine("Asking the package source for the official packages (once)...");
        var missing = await MissingAsync();
        await System.IO.File.WriteAllTextAsync(Remembered, $"""
            <Project>
              <!-- Found out by `dotnet pixel.cs`. Delete this file to have it found out again. -->
              <PropertyGroup>
                <PixelStandIns>{(missing.Count > 0 ? "true" : "false")}</PixelStandIns>
              </PropertyGroup>
            </Project>

            """);
        Console.WriteLine(missing.Count > 0
            ? $"The package source does not carry {string.Join(", ", missing)}: the projects in stand-ins/ take their place, and the Aspire projects are left out."
            : "The package source carries every official package: the stand-ins are not used.");
    }

    /// <summary>Restores a project that references them, outside the tree so that nothing of ours applies to it.</summary>
    private static async Task<IReadOnlyList<string>> MissingAsync()
    {
        var probe = Directory.CreateTempSubdirectory("pixel-probe-").FullName;
        try
        {
            await System.IO.File.WriteAllTextAsync(Path.Combine(probe, "Directory.Build.props"), "<Project />");
            await System.IO.File.WriteAllTextAsync(Path.Combine(probe, "Directory.Build.targets"), "<Project />");
            await System.IO.File.WriteAllTextAsync(Path.Combine(probe, "Directory.Packages.props"),
                $"""<Project><Import Project="{System.Security.SecurityElement.Escape(Checkout.File("Directory.Packages.props"))}" /></Project>""");
            await System.IO.File.WriteAllTextAsync(Path.Combine(probe, "probe.csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
                  <ItemGroup>{string.Concat(Deciding.Select(name => $"<PackageReference Include=\"{name}\" />"))}</ItemGroup>
                </Project>
                """);
            // A source configured for this checkout is the one to ask.
            foreach (var config in Directory.EnumerateFiles(Checkout.Root).Where(file => Path.GetFileName(file).Equals("nuget.config", StringComparison.OrdinalIgnoreCase)))
            {
                System.IO.File.Copy(config, Path.Combine(probe, Path.GetFileName(config)));
            }

            var lines = new List<string>();
            if (await Child.RunAsync(Sdk.Dotnet, ["restore", "probe.csproj", "--nologo", "--verbosity", "quiet"], lines.Add, probe) == 0)
            {
                return [];
            }

            var missing = lines.Select(line => NoSuchPackage().Match(line)).Where(match => match.Success)
                .Select(match => match.Groups["id"].Value.TrimEnd('.')).Distinct(StringComparer.OrdinalIgnoreCase).Order().ToList();
            var other = lines.Find(line => line.Contains("error ", StringComparison.Ordinal) && !line.Contains("NU1101", StringComparison.Ordinal) && !line.Contains("NU1102", StringComparison.Ordinal));
            return missing.Count > 0 && other is null
                ? missing
                : throw new Refusal($"The package source could not be asked, so nothing was decided; mend it and run this again: {Plain(other ?? lines.LastOrDefault() ?? "dotnet restore failed without a message")}");
        }
        finally
        {
            Directory.Delete(probe, recursive: true);
        }
    }

    /// <summary>MSBuild's line less the name of the file that nobody else sees.</summary>
    private static string Plain(string line) => line[(line.IndexOf("error ", StringComparison.Ordinal) is var at and >= 0 ? at : 0)..].Trim();

    [GeneratedRegex(@"error NU110[12]: .*?package (?<id>[A-Za-z0-9_.\-]+)")]
    private static partial Regex NoSuchPackage();
}

/// <summary>Builds in Release, only when a source is newer than what was built.</summary>
internal static class Build
{
    // What a command runs beyond Standalone and Cli has a stamp of its own: only those who measure wait for it.
    private static readonly string Stamp = Checkout.File("obj", "pixel.stamp");
    private static readonly string BenchStamp = Checkout.File("obj", "pixel.bench.stamp");

    // What cannot change Standalone or Cli, or is itself made by a build.
    private static readonly HashSet<string> Ignored = new(StringComparer.OrdinalIgnoreCase)
        { "bin", "obj", ".git", ".github", ".ci", ".vs", ".vscode", ".devcontainer", ".idea", ".pixel", "node_modules", "BenchmarkDotNet.Artifacts", "Tests", "docs", "TestResults", "aspire-output" };

    /// <summary>The programs that the commands run: `Standalone` and `Cli`.</summary>
    public static async Task ProgramsAsync()
    {
        await PackageSource.EnsureKnownAsync();
        await ProjectsAsync([new("Standalone", "Standalone"), new("Cli", "Cli")], Stamp, "Building");
    }

    /// <summary>What `bench` runs: the beacon, and every program in bench/.</summary>
    public static async Task BenchmarksAsync()
    {
        await PackageSource.EnsureKnownAsync();
        var benchmarks = Directory.EnumerateFiles(Checkout.File("bench"), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => new Project(Path.GetRelativePath(Checkout.Root, Path.GetDirectoryName(file)!), Path.GetFileNameWithoutExtension(file)));
        await ProjectsAsync([new("Cli", "Cli"), new("Beacon.Api", "Beacon.Api"), .. benchmarks], BenchStamp, "Building the benchmarks");
    }

    /// <param name="Folder">Its folder below the root.</param>
    /// <param name="Name">The name of its file and its program.</param>
    private sealed record Project(string Folder, string Name)
    {
        /// <summary>As the solution names it, in JSON: with backslashes on every system.</summary>
        public string InSolution => string.Join(@"\\", [.. Folder.Split(Path.DirectorySeparatorChar), Name + ".csproj"]);
    }

    private static async Task ProjectsAsync(IReadOnlyList<Project> projects, string stamp, string title)
    {
        if (IsCurrent(projects, stamp))
        {
            return;
        }

        using var turn = await TakeTurnAsync();
        if (IsCurrent(projects, stamp))
        {
            return;
        }

        // A solution filter restores and builds both in one go, and what both reference once.
        var filter = Checkout.File("obj", "pixel.slnf");
        await System.IO.File.WriteAllTextAsync(filter, $$"""
            { "solution": { "path": "../PixelAspire.sln", "projects": [{{string.Join(", ", projects.Select(project => $"\"{project.InSolution}\""))}}] } }
            """);
        await RunAsync(filter, title, stamp);
    }

    /// <summary>Everything, the tests included.</summary>
    public static async Task SolutionAsync()
    {
        await PackageSource.EnsureKnownAsync();
        using var turn = await TakeTurnAsync();
        await RunAsync(Checkout.File("PixelAspire.sln"), "Building everything", Stamp, BenchStamp);
    }

    private static async Task RunAsync(string what, string title, params string[] stamps)
    {
        await Sdk.MustBeHereAsync();
        var fingerprint = Fingerprint();
        var lines = new List<string>();
        using var progress = new Progress(title);
        var exitCode = await Child.RunAsync(Sdk.Dotnet, ["build", what, "--configuration", "Release", "--nologo", "--verbosity", "minimal", "-tl:off", "-clp:NoSummary"], line =>
        {
            lines.Add(line);
            // "  Pixel.Events -> /…/Pixel.Events.dll" is how MSBuild says that a project is done.
            if (line.Split(" -> ") is [var project, _])
            {
                progress.Step(project.Trim());
            }
        });
        if (exitCode != 0)
        {
            progress.Dispose();
            var errors = lines.Where(line => line.Contains(": error ", StringComparison.Ordinal)).Select(line => line.Trim()).Distinct().ToList();
            throw new Refusal(string.Join(Environment.NewLine, [.. errors.Count > 0 ? errors.Take(20) : lines.TakeLast(20), "The build failed."]));
        }

        progress.Done();
        foreach (var stamp in stamps)
        {
            await System.IO.File.WriteAllTextAsync(stamp, fingerprint);
        }
    }

    private static bool IsCurrent(IReadOnlyList<Project> projects, string stamp) =>
        projects.All(project => System.IO.File.Exists(Checkout.Program(project.Folder, project.Name)))
        && System.IO.File.Exists(stamp) && System.IO.File.ReadAllText(stamp) == Fingerprint();

    private static string Fingerprint()
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Sources(new DirectoryInfo(Checkout.Root)).OrderBy(file => file.FullName, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<FileInfo> Sources(DirectoryInfo folder) =>
        folder.EnumerateFiles().Where(file => file.Extension != ".md" && file.Name != "pixel.cs" && file.Name != ".git")
            .Concat(folder.EnumerateDirectories().Where(child => !Ignored.Contains(child.Name)).SelectMany(Sources));

    /// <summary>Two builds of one tree at a time spoil each other.</summary>
    private static async Task<IDisposable> TakeTurnAsync()
    {
        Directory.CreateDirectory(Checkout.File("obj"));
        for (var waited = 0; ; waited++)
        {
            try
            {
                return new FileStream(Checkout.File("obj", "pixel.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                if (waited == 0)
                {
                    Console.WriteLine("Waiting for another build of this checkout to end...");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(500));
            }
        }
    }
}

/// <summary>`up`: runs Standalone and ends with it; Standalone ends with this.</summary>
internal static class Up
{
    public static async Task<int> RunAsync(string[] options)
    {
        var wantsDashboard = options.Contains("--dashboard");
        options = [.. options.Where(option => option != "--dashboard")];
        if (wantsDashboard)
        {
            Dashboard.MustBeInstalled();
        }

        await Build.ProgramsAsync();
        using var dashboard = wantsDashboard ? await Dashboard.StartAsync() : null;
        string[] data = options.Any(option => option == "--data" || option.StartsWith("--data=", StringComparison.Ordinal)) ? [] : ["--data", Checkout.File(".pixel")];
        var start = new ProcessStartInfo(Checkout.Program("Standalone", "Standalone"), [.. options, .. data, "--until-input-ends", "--command", "dotnet pixel.cs"])
        {
            // Standalone reads this pipe and stops when it ends. The operating system ends it with this
            // process, however this process ends, so nothing is left running.
            RedirectStandardInput = true,
        };
        dashboard?.Tell(start.Environment);
        using var standalone = Child.Start(start);
        var asked = false;
        void Stop()
        {
            asked = true;
            standalone.StandardInput.Close();
        }

        using var signals = Signals.Handle(Stop);
        _ = Parent.WhenGoneAsync().ContinueWith(_ => Stop(), TaskScheduler.Default);
        await standalone.WaitForExitAsync();
        if (!asked && standalone.ExitCode > 128)
        {
            Console.Error.WriteLine($"The system was ended from outside (signal {standalone.ExitCode - 128}). What was answered 200 is kept: start it again with `dotnet pixel.cs up`.");
        }

        return standalone.ExitCode;
    }
}

/// <summary>
/// The Aspire dashboard by itself, from Aspire's command line: the one on the PATH, or that of npm's package, which puts no
/// command there. It takes telemetry over OTLP and keeps nothing.
/// </summary>
internal sealed class Dashboard : IDisposable
{
    private const int UsualPort = 18888;

    // It unpacks itself when it runs for the first time.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly int _telemetryPort;

    private Dashboard(Process process, int telemetryPort)
    {
        _process = process;
        _telemetryPort = telemetryPort;
    }

    private static string Package =>
        $"@microsoft/aspire-cli-{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    public static void MustBeInstalled() => _ = Find();

    public static async Task<Dashboard> StartAsync()
    {
        var port = Ports.IsFree(UsualPort) ? UsualPort : Ports.Free();
        var telemetryPort = Ports.Free();
        string[] command =
        [
            Find(), "dashboard", "run", "--frontend-url", $"http://127.0.0.1:{port}", "--otlp-grpc-url", $"http://127.0.0.1:{telemetryPort}",
            "--otlp-http-url", $"http://127.0.0.1:{Ports.Free()}", "--allow-anonymous", "--non-interactive", "--nologo",
        ];
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo(command[0], command[1..]) : new ProcessStartInfo("/bin/sh", ["-c", EndWithInput, "sh", .. command]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var process = Child.Start(start);
        var said = new List<string>();
        void Take(object _, DataReceivedEventArgs received)
        {
            lock (said)
            {
                said.Add(received.Data ?? "");
            }
        }

        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var dashboard = new Dashboard(process, telemetryPort);
        for (var watch = Stopwatch.StartNew(); Ports.IsFree(port); await Task.Delay(TimeSpan.FromMilliseconds(100)))
        {
            if (process.HasExited || watch.Elapsed > Patience)
            {
                if (process.HasExited)
                {
                    // Its last words may still be on their way; a child of its own that lives on may keep the way open.
                    await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(5)));
                }

                dashboard.Dispose();
                lock (said)
                {
                    throw new Refusal($"The Aspire dashboard did not start: {said.FindLast(line => line.Trim().Length > 0)?.Trim() ?? "it says nothing"}");
                }
            }
        }

        Console.WriteLine($"The Aspire dashboard is at http://127.0.0.1:{port}");
        return dashboard;
    }

    /// <summary>Has a program send its telemetry there, at the pace of somebody who watches. What is set already stays.</summary>
    public void Tell(IDictionary<string, string?> environment)
    {
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{_telemetryPort}";
        environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        foreach (var (name, value) in new[]
        {
            ("OTEL_SERVICE_NAME", "PixelAspire"), ("OTEL_METRIC_EXPORT_INTERVAL", "1000"), ("OTEL_BSP_SCHEDULE_DELAY", "1000"), ("OTEL_BLRP_SCHEDULE_DELAY", "1000"),
            ("Beacon__TraceOneIn", "1"), // whoever sends one pixel looks for its trace
        })
        {
            environment.TryAdd(name, value);
        }
    }

    public void Dispose()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                _process.Kill(entireProcessTree: true);
            }
            else
            {
                _process.StandardInput.Close();
                _process.WaitForExit(TimeSpan.FromSeconds(10));
            }
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }

        _process.Dispose();
    }

    /// <summary>
    /// Runs a command that ends when our end of the pipe does, however we end. It is in the background, where Ctrl-C does not
    /// reach it: what the system has to tell while it stops should still arrive.
    /// </summary>
    private const string EndWithInput = """
        exec 3<&0
        "$@" </dev/null 3<&- &
        command=$!
        { cat <&3 >/dev/null; kill $command; } 2>/dev/null &
        exec 3<&-
        trap '' INT
        wait $command
        """;

    private static string Find()
    {
        var name = OperatingSystem.IsWindows() ? "aspire.exe" : "aspire";
        var inPackage = Path.Combine([.. Package.Split('/'), "bin", name]);
        var candidates = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, name))
            .Append(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet", "tools", name))
            .Append(Checkout.File("node_modules", inPackage));
        return candidates.FirstOrDefault(System.IO.File.Exists)
            ?? (Globally() is { } folder && System.IO.File.Exists(Path.Combine(folder, inPackage)) ? Path.Combine(folder, inPackage) : null)
            ?? throw new Refusal($"The Aspire dashboard is not installed: `npm install --global {Package}` brings it, or leave out --dashboard.");
    }

    /// <summary>Where npm puts what is installed for all; null where there is no npm.</summary>
    private static string? Globally()
    {
        try
        {
            var npm = OperatingSystem.IsWindows() ? new ProcessStartInfo("cmd", ["/c", "npm", "root", "--global"]) : new ProcessStartInfo("npm", ["root", "--global"]);
            npm.RedirectStandardOutput = true;
            npm.RedirectStandardError = true;
            using var process = Child.Start(npm);
            return process.StandardOutput.ReadToEnd().Trim() is { Length: > 0 } folder ? folder : null;
        }
        catch (Refusal)
        {
            return null;
        }
    }
}

/// <summary>Every command that is not the launcher's own belongs to the project Cli.</summary>
internal static class Forward
{
    public static async Task<int> ToCliAsync(string[] args)
    {
        await (args is ["bench", ..] && !args.Contains("--help") ? Build.BenchmarksAsync() : Build.ProgramsAsync());
        using var cli = Child.Start(new ProcessStartInfo(Checkout.Program("Cli", "Cli"), args));
        // The terminal tells the whole group about Ctrl-C; other signals come to the launcher alone.
        using var signals = Signals.Handle(() => Child.Terminate(cli), interrupt: () => { });
        await cli.WaitForExitAsync();
        return cli.ExitCode;
    }
}

/// <summary>`test`: builds everything, runs each test project, sums up from the results that they wrote.</summary>
internal static class Test
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>
    /// A test that waits for what never comes would hold everything up without a word: when none has begun or ended for this
    /// long, the run is ended and the tests that had not ended are named. A test of minutes is a slow one here.
    /// </summary>
    private static readonly string[] Guard = ["--blame-hang-timeout", "20m"];

    private sealed record Outcome(string Test, string Result, string Message);

    public static async Task<int> RunAsync(string[] options)
    {
        string[] filter = options switch
        {
            [] => ["--filter", "Category!=Soak"], // the long versions of tests that also have short ones
            ["--filter", var expression] => ["--filter", expression],
            [var option] when option.StartsWith("--filter=", StringComparison.Ordinal) => ["--filter", option["--filter=".Length..]],
            _ => throw new Refusal($"test takes only --filter EXPRESSION, not {string.Join(' ', options)}."),
        };

        await Build.SolutionAsync();
        var results = Directory.CreateTempSubdirectory("pixel-test-").FullName;
        try
        {
            var outcomes = new List<Outcome>();
            foreach (var project in Projects())
            {
                var name = Path.GetFileNameWithoutExtension(project);
                if (NeedsAspire(project) && PackageSource.UsesStandIns == true)
                {
                    outcomes.Add(new(name, "NotExecuted", "the package source does not carry the Aspire packages that it needs"));
                    Console.WriteLine($"{name}: left out");
                    continue;
                }

                outcomes.AddRange(await RunProjectAsync(name, filter, results));
            }

            return SumUp(outcomes);
        }
        finally
        {
            Directory.Delete(results, recursive: true);
        }
    }

    /// <summary>The end-to-end tests go last: what they would find broken, a smaller test names better.</summary>
    private static IEnumerable<string> Projects() =>
        Directory.EnumerateFiles(Checkout.File("Tests"), "*.csproj", SearchOption.AllDirectories)
            .OrderBy(project => project.Contains("EndToEnd", StringComparison.Ordinal)).ThenBy(project => project, StringComparer.Ordinal);

    private static bool NeedsAspire(string project) => System.IO.File.ReadAllText(project) is var text
        && (text.Contains("Aspire.Hosting", StringComparison.Ordinal) || text.Contains("AppHost.csproj", StringComparison.Ordinal));

    private static async Task<IReadOnlyList<Outcome>> RunProjectAsync(string name, string[] filter, string results)
    {
        var file = Path.Combine(results, name + ".trx");
        var lines = new List<string>();
        using var progress = new Progress(name, everyNth: 25);
        var exitCode = await Child.RunAsync(Sdk.Dotnet,
            ["test", Checkout.File("Tests", name, "bin", "Release", "net10.0", name + ".dll"), "--logger", $"trx;LogFileName={file}", "--logger", "console;verbosity=normal", "--results-directory", results, .. Guard, .. filter],
            line =>
            {
                lines.Add(line);
                if (line.TrimStart() is var text && (text.StartsWith("Passed ", StringComparison.Ordinal) || text.StartsWith("Failed ", StringComparison.Ordinal)))
                {
                    progress.Step(text);
                }
            });

        var outcomes = System.IO.File.Exists(file) ? Read(file, name) : [];
        if (exitCode != 0 && !outcomes.Any(IsFailure))
        {
            // The test host itself ended: what it printed last is all there is to say about it.
            outcomes = [.. outcomes, new(name, "Failed", $"the test run ended with exit code {exitCode}:{Environment.NewLine}{string.Join(Environment.NewLine, lines.TakeLast(15))}")];
        }

        progress.Done(Count(outcomes));
        foreach (var failure in outcomes.Where(IsFailure))
        {
            Console.WriteLine($"  FAILED {failure.Test}{Environment.NewLine}    {failure.Message.ReplaceLineEndings(Environment.NewLine + "    ")}");
        }

        return outcomes;
    }

    private static IReadOnlyList<Outcome> Read(string file, string project) =>
        [.. XDocument.Load(file).Descendants(Trx + "UnitTestResult").Select(result => new Outcome(
            $"{project}: {(string?)result.Attribute("testName")}",
            (string?)result.Attribute("outcome") ?? "Failed",
            string.Join(Environment.NewLine, result.Descendants(Trx + "Message").Concat(result.Descendants(Trx + "StdOut")).Concat(result.Descendants(Trx + "StackTrace"))
                .Select(part => part.Value.Trim()).Where(part => part.Length > 0))))];

    private static bool IsPass(Outcome outcome) => outcome.Result == "Passed";

    private static bool IsSkip(Outcome outcome) => outcome.Result == "NotExecuted";

    // Whatever is neither is a failure: a time-out, an abort, an outcome this file has not heard of.
    private static bool IsFailure(Outcome outcome) => !IsPass(outcome) && !IsSkip(outcome);

    private static string Count(IReadOnlyCollection<Outcome> outcomes) =>
        $"{outcomes.Count(IsPass)} passed, {outcomes.Count(IsFailure)} failed, {outcomes.Count(IsSkip)} skipped";

    private static int SumUp(List<Outcome> outcomes)
    {
        Console.WriteLine();
        foreach (var (title, some) in new[] { ("Skipped:", outcomes.Where(IsSkip)), ("Failed:", outcomes.Where(IsFailure)) })
        {
            foreach (var (outcome, index) in some.Select((outcome, index) => (outcome, index)))
            {
                Console.WriteLine($"{(index == 0 ? title + Environment.NewLine : "")}  {outcome.Test}{(IsSkip(outcome) ? ": " + outcome.Message.Split('\n')[0].Trim() : "")}");
            }
        }

        if (outcomes.All(IsSkip))
        {
            Console.Error.WriteLine("No test ran: is the filter right?");
        }

        Console.WriteLine(Count(outcomes));
        return outcomes.Any(IsFailure) || outcomes.All(IsSkip) ? 1 : 0;
    }
}

/// <summary>`doctor`: says what it sees; fails only for what `up` cannot do without.</summary>
internal static class Doctor
{
    private static bool _sound = true;

    public static async Task<int> RunAsync()
    {
        var sdk = await Sdk.VersionAsync();
        Say(sdk is not null, ".NET SDK", sdk ?? "10.0.100 or newer is not here: nothing can be built (https://dot.net)", required: true);
        Say(true, "Packages", PackageSource.UsesStandIns switch
        {
            true => "the stand-ins take the place of what the package source lacks; AppHost and its tests cannot be built (delete packages.local.props to ask again)",
            false => "official",
            null => "not asked yet; the first build finds out",
        });
        await CommandAsync("Node.js", ["node"], ["--version"], "the CDK stacks cannot be synthesized and the tests that do so are skipped; nothing else needs it");
        await CommandAsync("Chromium", [Environment.GetEnvironmentVariable("PIXEL_CHROMIUM") ?? "", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"], ["--version"], "the end-to-end test with a real browser is skipped; PIXEL_CHROMIUM can name one");
        await CommandAsync("AWS CLI", ["aws"], ["--version"], "the end-to-end test that looks with it is skipped; nothing else needs it");
        await CommandAsync("Container engine", ["docker", "podman"], ["version", "--format", "{{.Server.Version}}"], "LocalStack under AppHost needs one that answers; nothing else does");
        foreach (var (port, what, option) in new[] { (8080, "the pixel", "--port"), (4566, "S3, Firehose, Glue, Athena", "--cloud-port"), (8082, "the catalog's jobs", "--worker-port") })
        {
            Say(Ports.IsFree(port), $"Port {port}", Ports.IsFree(port) ? $"free, for {what}" : $"in use by {await Ports.HolderAsync(port)}: choose another for {what} with {option}");
        }

        Data();
        Console.WriteLine(_sound ? "`dotnet pixel.cs up` can run here." : "`dotnet pixel.cs up` cannot run here until what is marked NO is mended.");
        return _sound ? 0 : 1;
    }

    private static void Data()
    {
        var folder = Checkout.File(".pixel");
        try
        {
            Directory.CreateDirectory(folder);
            var trial = Path.Combine(folder, $"doctor-{Environment.ProcessId}");
            System.IO.File.WriteAllText(trial, "");
            System.IO.File.Delete(trial);
            Say(true, "Data folder", $"{folder} can be written");
            var free = new DriveInfo(folder).AvailableFreeSpace / (1L << 30);
            Say(free >= 2, "Disk space", free >= 2 ? $"{free} GiB free" : $"{free} GiB free: when the disk is full the pixel answers 503; --data names another folder");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Say(false, "Data folder", $"{folder} cannot be written ({error.Message}): name another with --data", required: true);
        }
    }

    /// <summary>The first of the names that runs, with the last line it answers: warnings come before it.</summary>
    private static async Task CommandAsync(string title, string[] names, string[] args, string otherwise)
    {
        var found = "";
        foreach (var name in names.Where(name => name.Length > 0))
        {
            var lines = new List<string>();
            try
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
                if (await Child.RunAsync(name, args, lines.Add, cancel: patience.Token) == 0 && lines.FindLast(line => line.Trim().Length > 0) is { } answer)
                {
                    Say(true, title, $"{answer.Trim()} ({name})");
                    return;
                }

                found = $"{name} is installed but does not answer";
            }
            catch (OperationCanceledException)
            {
                found = $"{name} is installed but does not answer in time";
            }
            catch (Refusal)
            {
                // Not on the PATH: the next name may be.
            }
        }

        Say(false, title, $"{(found.Length > 0 ? found : "not found")}: {otherwise}");
    }

    private static void Say(bool good, string title, string text, bool required = false)
    {
        _sound &= good || !required;
        Console.WriteLine($"{(good ? "ok  " : required ? "NO  " : "note")}  {title,-17} {text}");
    }
}

internal static class Ports
{
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>One that nobody listens on now.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Who listens there, as far as can be told without more rights than the user's.</summary>
    public static async Task<string> HolderAsync(int port)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        foreach (var (path, who) in new[] { ("/_localcloud/health", "a running `dotnet pixel.cs up`"), ("/_localstack/health", "LocalStack"), ("/trackingpixel", "a running `dotnet pixel.cs up`") })
        {
            try
            {
                using var answer = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"http://127.0.0.1:{port}{path}"));
                if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.MethodNotAllowed)
                {
                    return who;
                }
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // It does not speak HTTP, or not to us.
            }
        }

        return OperatingSystem.IsLinux() && ProcessOn(port) is { } process ? process : "another program";
    }

    /// <summary>Linux: /proc/net/tcp names the socket's inode, /proc/PID/fd says who has it open.</summary>
    private static string? ProcessOn(int port)
    {
        const string listening = "0A";
        var hex = port.ToString("X4", CultureInfo.InvariantCulture);
        var inodes = new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(System.IO.File.Exists).SelectMany(System.IO.File.ReadLines).Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(cells => cells.Length > 9 && cells[1].EndsWith(":" + hex, StringComparison.Ordinal) && cells[3] == listening)
            .Select(cells => $"socket:[{cells[9]}]").ToHashSet();
        foreach (var process in Process.GetProcesses())
        {
            try
            {
                if (Directory.EnumerateFiles($"/proc/{process.Id}/fd").Any(handle => System.IO.File.ResolveLinkTarget(handle, false) is { } target && inodes.Contains(Path.GetFileName(target.FullName))))
                {
                    return $"{process.ProcessName} (process {process.Id})";
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Another user's process, or one that has just ended.
            }
        }

        return null;
    }
}

/// <summary>Starting other programs.</summary>
internal static partial class Child
{
    private const int SigTerm = 15;

    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new Refusal($"{start.FileName} could not be started.");
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new Refusal($"{start.FileName} could not be started: {error.Message}.");
        }
    }

    /// <summary>Runs a program to its end, handing over each line that it prints on either stream.</summary>
    public static async Task<int> RunAsync(string program, IEnumerable<string> args, Action<string> line, string? folder = null, CancellationToken cancel = default)
    {
        var start = new ProcessStartInfo(program, args)
        {
            WorkingDirectory = folder ?? Checkout.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["DOTNET_NOLOGO"] = "true";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en"; // the lines above are read, not only shown
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // a node that stays would hold our end of its pipes open
        using var process = Start(start);
        using var signals = Signals.Handle(() => process.Kill(entireProcessTree: true));
        process.StandardInput.Close();
        var gate = new Lock();
        void Take(object _, DataReceivedEventArgs received)
        {
            if (received.Data is { } text)
            {
                lock (gate)
                {
                    line(text);
                }
            }
        }

        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode;
    }

    /// <summary>Asks a program to end, where the operating system has a way to ask.</summary>
    public static void Terminate(Process process)
    {
        if (OperatingSystem.IsWindows())
        {
            process.Kill();
        }
        else
        {
            _ = Kill(process.Id, SigTerm);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}

/// <summary>Signals do not end the launcher: they are passed on, and it ends when its child has.</summary>
internal static class Signals
{
    public static IDisposable Handle(Action stop, Action? interrupt = null)
    {
        void On(PosixSignalContext context, Action action)
        {
            context.Cancel = true;
            try
            {
                action();
            }
            catch (Exception error) when (error is InvalidOperationException or IOException)
            {
                // It has ended already.
            }
        }

        return new All(
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => On(context, interrupt ?? stop)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => On(context, stop)),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => On(context, stop)));
    }

    private sealed class All(params PosixSignalRegistration[] registrations) : IDisposable
    {
        public void Dispose() => Array.ForEach(registrations, registration => registration.Dispose());
    }
}

/// <summary>
/// The `dotnet` that runs this file is a process of its own, and the one whose id a shell knows. No pipe
/// connects the two, so its end is noticed by asking who the parent is.
/// </summary>
internal static partial class Parent
{
    /// <summary>Ends when the parent has. Never ends where the parent is not `dotnet`: a shell may well go first.</summary>
    public static async Task WhenGoneAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            if (ByWindows() is { ProcessName: "dotnet" } parent)
            {
                await parent.WaitForExitAsync();
                return;
            }
        }
        else if (GetParentId() is var id && IsDotnet(id))
        {
            // A process that ended but was not waited for still answers; its orphans have another parent at once.
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
            while (await timer.WaitForNextTickAsync())
            {
                if (GetParentId() != id)
                {
                    return;
                }
            }
        }

        await Task.Delay(Timeout.Infinite);
    }

    private static bool IsDotnet(int id)
    {
        try
        {
            return Process.GetProcessById(id).ProcessName == "dotnet";
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "getppid")]
    private static extern int GetParentId();

    private static Process? ByWindows()
    {
        var information = new IntPtr[6]; // PROCESS_BASIC_INFORMATION; the last field is the parent's id
        const int processBasicInformation = 0;
        if (NtQueryInformationProcess(Process.GetCurrentProcess().Handle, processBasicInformation, information, IntPtr.Size * information.Length, out _) != 0)
        {
            return null;
        }

        try
        {
            return Process.GetProcessById((int)information[5]);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [DllImport("ntdll.dll")]
    private static extern int NtQueryInformationProcess(IntPtr process, int kind, [Out] IntPtr[] information, int length, out int returned);
}

/// <summary>Long work in plain words: one line that changes on a terminal, a line for every nth step elsewhere.</summary>
internal sealed class Progress : IDisposable
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly string _title;
    private readonly int _everyNth;
    private int _steps;
    private bool _ended;

    public Progress(string title, int everyNth = 1)
    {
        _title = title;
        _everyNth = everyNth;
        if (Console.IsOutputRedirected)
        {
            Console.WriteLine($"{title}...");
        }
        else
        {
            Write("");
        }
    }

    public void Step(string what)
    {
        _steps++;
        if (!Console.IsOutputRedirected)
        {
            Write($"{_steps} {what}");
        }
        else if (_steps % _everyNth == 0)
        {
            Console.WriteLine(_everyNth == 1 ? $"  {what}" : $"  {_steps} done");
        }
    }

    public void Done(string result = "done")
    {
        _ended = true;
        Console.WriteLine($"{Clear}{_title}: {result} ({_watch.Elapsed.TotalSeconds:0} s)");
    }

    public void Dispose()
    {
        if (!_ended && !Console.IsOutputRedirected)
        {
            _ended = true;
            Console.Write(Clear);
        }
    }

    private static string Clear => Console.IsOutputRedirected ? "" : "\r\e[2K";

    private void Write(string text)
    {
        var line = $"{_title}... {text}";
        var width = Math.Max(20, Console.WindowWidth - 1);
        Console.Write(Clear + (line.Length > width ? line[..width] : line));
    }
}
