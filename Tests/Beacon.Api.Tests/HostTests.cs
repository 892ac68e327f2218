using System.Net;
using Beacon.Api.Tests.Crash;
using Beacon.Api.Tests.Journal;
using Beacon.Api.Tests.Native;

namespace Beacon.Api.Tests;

/// <summary>The program's host has less than the framework's usual one; what a user would miss is there.</summary>
public sealed class HostTests : IDisposable
{
    private const string NoFirehose = "http://127.0.0.1:9";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_listens_with_a_certificate_that_an_endpoint_or_the_defaults_name(bool endpoint)
    {
        using var certificate = Certificates.Make(_folder.Path);
        await using var beacon = await StartAsync(endpoint ? Certificates.Endpoint(_folder.Path) : Certificates.Url(_folder.Path));
        using var client = Certificates.Client(certificate);

        using var answer = await client.GetAsync(new Uri(beacon.Url, "/trackingpixel?userid=a"));

        Assert.Equal("https", beacon.Url.Scheme);
        await Pixels.AssertPixelAsync(answer, 200);
        Assert.Equal(HttpVersion.Version20, answer.Version);
    }

    [Fact]
    public async Task It_answers_only_for_the_hosts_that_AllowedHosts_names()
    {
        await using var beacon = await StartAsync("--AllowedHosts", "pixel.example");
        using var client = new HttpClient();

        using var other = await client.GetAsync(new Uri(beacon.Url, "/trackingpixel?userid=a"));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(beacon.Url, "/trackingpixel?userid=a")) { Headers = { Host = "pixel.example" } };
        using var named = await client.SendAsync(request);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (other.StatusCode, named.StatusCode));
    }

    [Fact]
    public async Task It_watches_no_folder_of_its_working_directory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what a process watches.");
        await using var beacon = await StartAsync();

        var watches = Directory.EnumerateFiles($"/proc/{beacon.Id}/fdinfo").SelectMany(File.ReadLines).Count(line => line.StartsWith("inotify ", StringComparison.Ordinal));

        Assert.Equal(0, watches);
    }

    private Task<BeaconProcess> StartAsync(params string[] settings) =>
        BeaconProcess.StartAsync(BeaconProcess.Arguments(_folder["journal"], NoFirehose, ["--Delivery:DrainTimeout", "0", .. settings]));
}
