namespace EndToEnd.Tests;

/// <summary><c>up --dashboard</c> where Aspire's command line is missing or does not work.</summary>
public sealed class DashboardTests
{
    private static readonly string[] Up = [Path.Combine(Built.Checkout, "pixel.cs"), "up", "--dashboard"];

    [Fact]
    public async Task Where_it_is_not_installed_one_sentence_says_what_brings_it()
    {
        SkipWhereAFolderOfCommandsIsNone();
        Assert.SkipWhen(
            File.Exists(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet", "tools", "aspire")),
            "Aspire's command line is installed as a .NET tool");
        using var commands = new TemporaryFolder();
        File.CreateSymbolicLink(Path.Combine(commands.Path, "dotnet"), Find("dotnet"));

        var (exitCode, printed) = await RunningProcess.RunAsync("dotnet", Up, new Dictionary<string, string> { ["PATH"] = commands.Path }, Built.Checkout);

        Assert.Equal(1, exitCode);
        Assert.Matches(@"^The Aspire dashboard is not installed: `npm install --global @microsoft/aspire-cli-\w+-\w+` brings it, or leave out --dashboard\.\n$", printed);
    }

    [Fact]
    public async Task One_that_does_not_start_is_told_in_its_own_words_and_nothing_is_left_running()
    {
        SkipWhereAFolderOfCommandsIsNone();
        using var commands = new TemporaryFolder();
        var aspire = Path.Combine(commands.Path, "aspire");
        await File.WriteAllTextAsync(aspire, "#!/bin/sh\necho 'it is out of order'\nexit 3\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(aspire, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var (exitCode, printed) = await RunningProcess.RunAsync(
            "dotnet", Up, new Dictionary<string, string> { ["PATH"] = $"{commands.Path}:{Environment.GetEnvironmentVariable("PATH")}" }, Built.Checkout);

        Assert.Equal(1, exitCode);
        Assert.EndsWith("The Aspire dashboard did not start: it is out of order\n", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("PixelAspire is running", printed, StringComparison.Ordinal);
    }

    private static void SkipWhereAFolderOfCommandsIsNone() => Assert.SkipWhen(OperatingSystem.IsWindows(), "the commands here are shell scripts and links");

    private static string Find(string command) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, command)).First(File.Exists);
}
