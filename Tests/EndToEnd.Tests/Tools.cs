namespace EndToEnd.Tests;

/// <summary>Programs that a test needs and a machine may lack.</summary>
internal static class Tools
{
    /// <summary>A Chromium: the one that PIXEL_CHROMIUM names, or the first found where they usually are.</summary>
    public static string? Chromium { get; } = Find(Environment.GetEnvironmentVariable("PIXEL_CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe", @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe");

    /// <summary>The AWS command line.</summary>
    public static string? Aws { get; } = Find("aws");

    private static string? Find(params string?[] names) => names.OfType<string>().Where(name => name.Length > 0).SelectMany(Places).FirstOrDefault(File.Exists);

    private static IEnumerable<string> Places(string name) => Path.IsPathRooted(name)
        ? [name]
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => OperatingSystem.IsWindows() ? new[] { ".exe", ".cmd" }.Select(extension => Path.Combine(folder, name + extension)) : [Path.Combine(folder, name)]);
}
