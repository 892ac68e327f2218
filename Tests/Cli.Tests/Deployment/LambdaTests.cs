using System.Net;
using Cli.Tests.Query;

namespace Cli.Tests.Deployment;

[Collection(UsesPublication.Name)]
public class LambdaTests(Publication publication, RunningCloud cloud) : IClassFixture<RunningCloud>
{
    private string Cloud => $"http://127.0.0.1:{cloud.Port}";

    [Fact]
    public async Task An_event_that_the_packaged_beacon_answered_is_a_row_when_the_packaged_worker_has_loaded_its_partition()
    {
        var zip = publication.Package("beacon");
        await using var beacon = await PackagedFunction.StartAsync(publication, "PixelEdge", "Beacon", zip, Cloud);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/trackingpixel?userid=in-lambda&thirdpartyname=a.example");
        request.Headers.Add("x-pixel-origin-secret", PackagedFunction.Secret);
        request.Headers.Add("CloudFront-Viewer-Address", "198.51.100.7:443");

        using var answer = await beacon.Http.SendAsync(request);

        Assert.True(answer.StatusCode == HttpStatusCode.OK, beacon.Printed);
        Assert.Equal("image/gif", answer.Content.Headers.ContentType!.MediaType);
        Assert.Empty(beacon.Written(zip));

        // Write-through: the event is in Firehose already, whatever becomes of the function.
        await beacon.KillAsync();
        using var http = new HttpClient();
        using var flush = await http.PostAsync($"{Cloud}/_localcloud/flush", null);
        Assert.True(flush.IsSuccessStatusCode);

        await using var worker = await PackagedFunction.StartAsync(publication, "PixelWorker", "LoadPartitions", publication.Package("worker"), Cloud);
        using var run = await worker.Http.PostAsync("/jobs/load-partitions", new StringContent("{}"));
        Assert.True(run.IsSuccessStatusCode, await run.Content.ReadAsStringAsync() + worker.Printed);

        var rows = await CommandRun.OfAsync("query", "SELECT third_party, ip FROM tp_events WHERE user_id = 'in-lambda'", "--csv", "--cloud-port", cloud.Port);
        Assert.Equal(["third_party,ip", "a.example,198.51.100.0"], rows.Lines);
    }

    [Fact]
    public async Task The_packaged_beacon_refuses_what_did_not_come_through_CloudFront_and_still_answers_the_image()
    {
        await using var beacon = await PackagedFunction.StartAsync(publication, "PixelEdge", "Beacon", publication.Package("beacon"), Cloud);

        using var answer = await beacon.Http.GetAsync("/trackingpixel?userid=stranger");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("image/gif", answer.Content.Headers.ContentType!.MediaType);
    }
}
