using System.Diagnostics;

namespace LocalCloud.Tests;

/// <summary>Runs a command-line tool that may not be installed.</summary>
internal static class Tool
{
    /// <summary>The tool's answer; null when there is no such tool.</summary>
    /// <param name="name">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">What to add to its environment.</param>
    /// <param name="folder">Its working directory.</param>
    public static async Task<ToolResult?> RunAsync(
        string name, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(name, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return new ToolResult(process.ExitCode, await output, await error);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>What makes the SDKs and the command line talk to the server, and to nobody else.</summary>
    public static Dictionary<string, string> Aws(LocalCloudServer server) => new()
    {
        ["AWS_ENDPOINT_URL"] = server.Url,
        ["AWS_ACCESS_KEY_ID"] = LocalCloudServer.AccessKey,
        ["AWS_SECRET_ACCESS_KEY"] = LocalCloudServer.SecretKey,
        ["AWS_DEFAULT_REGION"] = "us-east-1",
        ["AWS_REGION"] = "us-east-1",
        ["AWS_CONFIG_FILE"] = Path.Combine(server.Folder, "no-config"),
        ["AWS_SHARED_CREDENTIALS_FILE"] = Path.Combine(server.Folder, "no-credentials"),
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["AWS_PAGER"] = "",
    };
}

/// <param name="ExitCode">Zero for success.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record ToolResult(int ExitCode, string Output, string Error);
