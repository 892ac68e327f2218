using System.Net;

namespace AppHost.Tests;

public sealed class EmbeddedRunTests
{
    [Fact]
    public async Task A_pixel_is_answered_and_the_catalog_runs_its_jobs()
    {
        var token = TestContext.Current.CancellationToken;
        await using var builder = await DistributedApplicationTestingBuilder
            .CreateAsync<Projects.AppHost>(["--Cloud=embedded"], token);
        await using var app = await builder.BuildAsync(token);
        await app.StartAsync(token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("beacon", token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("catalog", token);

        using var beacon = app.CreateHttpClient("beacon", "http");
        using var pixel = await beacon.GetAsync(
            new Uri("/trackingpixel?userid=aws_user&thirdpartyname=example.hightrafficwebsite.com", UriKind.Relative), token);
        using var catalog = app.CreateHttpClient("catalog", "http");
        using var job = await catalog.PostAsync(new Uri("/jobs/load-partitions", UriKind.Relative), content: null, token);

        Assert.Equal(HttpStatusCode.OK, pixel.StatusCode);
        Assert.Equal("image/gif", pixel.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.OK, job.StatusCode);
    }
}
