using System.Text.RegularExpressions;

namespace EndToEnd.Tests;

/// <summary>What can be told of the app host where Aspire's packages cannot be restored: its text.</summary>
public sealed partial class AppHostTests
{
    /// <summary>
    /// Aspire makes an endpoint of every address in a project's launch profile. One that the app host names as well is refused
    /// or changed behind its back, by version; so no launch profile has a say.
    /// </summary>
    [Fact]
    public void Every_project_is_added_without_its_launch_profile()
    {
        var added = Directory.EnumerateFiles(Path.Combine(Built.Checkout, "AppHost"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => AddProject().Matches(File.ReadAllText(file)))
            .Select(match => (Project: match.Groups["project"].Value, Arguments: match.Groups["arguments"].Value))
            .ToList();

        Assert.Equal(["Beacon_Api", "Catalog_Worker", "Cli", "LocalCloud"], added.Select(project => project.Project).Order(StringComparer.Ordinal));
        Assert.All(added, project => Assert.Contains("launchProfileName: null", project.Arguments, StringComparison.Ordinal));
    }

    /// <summary>Without a launch profile it is the app host that says where a web service listens.</summary>
    [Fact]
    public void Every_web_service_is_given_its_endpoint_once()
    {
        var text = File.ReadAllText(Path.Combine(Built.Checkout, "AppHost", "AppHost.cs"));

        Assert.Equal(["8080", "8082"], Endpoint().Matches(text).Select(match => match.Groups["port"].Value));
    }

    [GeneratedRegex(@"AddProject<Projects\.(?<project>\w+)>\((?<arguments>[^)]*)\)")]
    private static partial Regex AddProject();

    [GeneratedRegex(@"WithHttpEndpoint\(port: (?<port>\d+), name: ""http""\)")]
    private static partial Regex Endpoint();
}
