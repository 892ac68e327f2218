namespace EndToEnd.Tests;

/// <summary>`dotnet publish` of the embedded system gives a folder that runs by itself.</summary>
public class PublishTests
{
    [Fact]
    public async Task A_published_copy_has_each_services_settings_and_takes_events()
    {
        using var folder = new TemporaryFolder();
        var copy = Path.Combine(folder.Path, "copy");
        var (exitCode, printed) = await RunningProcess.RunAsync("dotnet", ["publish", Path.Combine(Built.Checkout, "Standalone"), "--configuration", Built.Configuration, "--no-build", "--output", copy, "--nologo"], folder: Built.Checkout);
        Assert.True(exitCode == 0, printed);

        Assert.All(["Beacon.Api", "Catalog.Worker", "LocalCloud"], service => Assert.True(File.Exists(Path.Combine(copy, "settings", service, "appsettings.Embedded.json"))));
        Assert.False(File.Exists(Path.Combine(copy, "appsettings.json")), "A service's settings lie where every service would read them.");
        await using var system = await RunningSystem.StartAsync(Path.Combine(folder.Path, "data"), program: Path.Combine(copy, Path.GetFileName(Built.Standalone)));
        using var http = new HttpClient();
        (await http.GetAsync(new Uri(system.Pixel, "?userid=published"), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        Assert.Equal("published", (await system.UntilAsync("SELECT user_id FROM tp_events WHERE event_name <> 'ledger'", rows => rows.Count > 0))[0][0]);
    }
}
