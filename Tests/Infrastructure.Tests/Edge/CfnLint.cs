using System.ComponentModel;
using System.Diagnostics;

namespace Infrastructure.Tests.Edge;

/// <summary>
/// AWS's own checks of templates (https://github.com/aws-cloudformation/cfn-lint): types, names and values of every property
/// by the schemas of CloudFormation.
/// </summary>
internal static class CfnLint
{
    /// <summary>Why a test is skipped.</summary>
    public const string IsMissing = "cfn-lint is not on the path: pip install cfn-lint.";

    /// <summary>
    /// W1030: that a parameter's default would not fit where it is used. The defaults are empty, and the conditions that go
    /// with them leave the property out.
    /// </summary>
    private const string Suppressed = "W1030";

    /// <summary>What it finds in templates; null when it is not there.</summary>
    public static async Task<string?> FindAsync(IEnumerable<Template> templates)
    {
        using var folder = new TemporaryFolder();
        foreach (var (template, i) in templates.Select((template, i) => (template, i)))
        {
            await File.WriteAllTextAsync(Path.Combine(folder.Path, $"{i}.template.json"), template.Text, TestContext.Current.CancellationToken);
        }

        try
        {
            using var lint = Process.Start(new ProcessStartInfo(
                "cfn-lint", ["--format", "parseable", "--ignore-checks", Suppressed, "--regions", "us-east-1", "--", .. Directory.GetFiles(folder.Path)])
            {
                RedirectStandardOutput = true,
            })!;
            var found = await lint.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await lint.WaitForExitAsync(TestContext.Current.CancellationToken);
            return found.Trim();
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
