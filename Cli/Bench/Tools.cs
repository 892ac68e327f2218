using System.Diagnostics;

namespace Cli.Bench;

/// <summary>Programs that the benchmarks need and that are not ours.</summary>
/// <param name="Wrk">The path of wrk.</param>
/// <param name="Nginx">The path of nginx, null where it was not asked for.</param>
internal sealed record Tools(string Wrk, string? Nginx)
{
    /// <exception cref="CommandFailure">This is not Linux, or one is not installed; the sentence names the Debian packages.</exception>
    public static Tools Find(bool withNginx) => Find(withNginx, OperatingSystem.IsLinux(),
        // Where Debian puts nginx is on the administrator's path only.
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), "/usr/sbin"]);

    /// <inheritdoc cref="Find(bool)"/>
    internal static Tools Find(bool withNginx, bool isLinux, IReadOnlyList<string> folders)
    {
        MustBeLinux(isLinux);
        var wrk = Find("wrk", folders);
        var nginx = withNginx ? Find("nginx", folders) : null;
        List<(string Program, string Package)> missing = [];
        if (withNginx && nginx is null)
        {
            missing.Add(("nginx", "nginx-light"));
        }

        if (wrk is null)
        {
            missing.Add(("wrk", "wrk"));
        }

        return missing.Count == 0
            ? new(wrk!, nginx)
            : throw new CommandFailure($"This benchmark needs {string.Join(" and ", missing.Select(tool => tool.Program))}: `apt-get install {string.Join(' ', missing.Select(tool => tool.Package))}` on Debian.");
    }

    /// <exception cref="CommandFailure">This is not Linux.</exception>
    public static void MustBeLinux() => MustBeLinux(OperatingSystem.IsLinux());

    /// <summary>Which tools these are: <c>nginx/1.22.1, wrk 4.1.0 [epoll]</c>.</summary>
    public async Task<string> VersionsAsync(CancellationToken cancel)
    {
        // "nginx version: nginx/1.22.1" on standard error; "wrk 4.1.0 [epoll] Copyright (C) 2012 Will Glozer" on either.
        var wrk = (await VersionAsync(Wrk, cancel)).Split(" Copyright")[0];
        return Nginx is null ? wrk : $"{(await VersionAsync(Nginx, cancel)).Split(": ")[^1]}, {wrk}";
    }

    private static void MustBeLinux(bool isLinux)
    {
        if (!isLinux)
        {
            throw new CommandFailure("The benchmarks run on Linux alone: they read /proc and drive the servers with wrk.");
        }
    }

    private static string? Find(string program, IEnumerable<string> folders) =>
        folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static async Task<string> VersionAsync(string program, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(program, "-v") { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var error = process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return ((await output) + (await error)).Split('\n')[0].Trim();
    }
}
