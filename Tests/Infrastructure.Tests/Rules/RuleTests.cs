using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Infrastructure.Lake;
using Infrastructure.Tests.Snapshots;

namespace Infrastructure.Tests.Rules;

/// <summary>
/// AWS's own rules for solutions (https://github.com/cdklabs/cdk-nag), over the templates of all ways as their snapshots have them.
/// What they find and we do not mend is in <c>suppressions.json</c>, each with its reason.
/// </summary>
public sealed class RuleTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Rules");

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    [Fact]
    public async Task Whatever_the_rules_find_is_explained_and_whatever_is_explained_is_found()
    {
        await InstallAsync();
        var found = await FindAsync();
        var explained = Suppressions().SelectMany(one => one.Each()).ToList();

        Assert.Equal(explained.Distinct().Count(), explained.Count);
        var unexplained = found.Where(finding => !explained.Contains(finding.Key)).ToList();
        Assert.True(unexplained.Count == 0, $"""
            Mend these, or say in Tests/Infrastructure.Tests/Rules/suppressions.json why not:
            {string.Join('\n', unexplained.Select(finding => $"{finding.Key}: {finding.Says}"))}
            """);
        var gone = explained.Except(found.Select(finding => finding.Key)).ToList();
        Assert.True(gone.Count == 0, $"""
            The rules no longer find these; take them out of Tests/Infrastructure.Tests/Rules/suppressions.json:
            {string.Join('\n', gone)}
            """);
    }

    [Fact]
    public void Every_suppression_says_why() => Assert.All(Suppressions(), one =>
    {
        Assert.NotEmpty(one.Found);
        Assert.True(one.Reason.Length > 40, $"{one.Rule} in {string.Join(", ", one.Templates)}: a reason is a sentence.");
    });

    private static Suppression[] Suppressions() =>
        JsonSerializer.Deserialize<Suppression[]>(File.ReadAllText(Path.Combine(Folder, "suppressions.json")), Json)!;

    private static async Task<Finding[]> FindAsync()
    {
        using var templates = new TemporaryFolder();
        foreach (var name in Snapshot.Names)
        {
            await File.WriteAllTextAsync(Path.Combine(templates.Path, $"{name}.json"), Snapshot.Template(name), TestContext.Current.CancellationToken);
        }

        File.Copy(LakeTemplate.DefaultPath, Path.Combine(templates.Path, $"{PixelLakeStack.DefaultName}.json"));
        var (exit, output, error) = (await RunAsync("node", ["check.mjs", templates.Path]))!.Value;
        Assert.True(exit == 0, error);
        return JsonSerializer.Deserialize<Finding[]>(output, Json)!;
    }

    /// <summary>Installs the rules beside the tests, once; the test is skipped where that cannot be.</summary>
    private static async Task InstallAsync()
    {
        Assert.SkipWhen(await RunAsync("node", ["--version"]) is null, "cdk-nag needs Node.js, which is not on the path.");
        using var wanted = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "package.json")));
        if (wanted.RootElement.GetProperty("dependencies").EnumerateObject().All(package => package.Value.GetString() == InstalledVersion(package.Name)))
        {
            return;
        }

        var npm = await RunAsync(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]);
        Assert.SkipWhen(npm is null, "cdk-nag needs npm, which is not on the path.");
        Assert.SkipWhen(npm!.Value.Exit != 0, $"cdk-nag could not be installed: {npm.Value.Error.Split('\n')[0]}");
    }

    private static string? InstalledVersion(string package)
    {
        var path = Path.Combine(Folder, "node_modules", package, "package.json");
        if (!File.Exists(path))
        {
            return null;
        }

        using var manifest = JsonDocument.Parse(File.ReadAllText(path));
        return manifest.RootElement.GetProperty("version").GetString();
    }

    private static async Task<(int Exit, string Output, string Error)?> RunAsync(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, await output, await error);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>What a rule found.</summary>
    /// <param name="Template">The snapshot's name.</param>
    /// <param name="Rule">Such as <c>AwsSolutions-IAM5</c>.</param>
    /// <param name="Found">The resource, and in it what the rule names.</param>
    /// <param name="Says">The rule.</param>
    private sealed record Finding(string Template, string Rule, string Found, string Says)
    {
        public string Key => $"{Template} {Rule} {Found}";
    }

    /// <summary>Findings that stay, and why.</summary>
    private sealed record Suppression(string Rule, string[] Templates, string[] Found, string Reason)
    {
        public IEnumerable<string> Each() => Templates.SelectMany(template => Found.Select(found => $"{template} {Rule} {found}"));
    }
}
