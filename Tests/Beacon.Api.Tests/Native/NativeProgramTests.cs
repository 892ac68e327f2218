using System.Net;
using Beacon.Api.Tests.Crash;
using Beacon.Api.Tests.Delivery;
using Beacon.Api.Tests.Faults;
using Beacon.Api.Tests.Identity;
using Beacon.Api.Tests.Journal;

namespace Beacon.Api.Tests.Native;

/// <summary>The native program does what the ordinary one does, over real sockets, files and the real client.</summary>
public sealed class NativeProgramTests(NativeProgram program) : IClassFixture<NativeProgram>, IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private FirehoseEndpoint _firehose = null!;

    public async ValueTask InitializeAsync() => _firehose = await FirehoseEndpoint.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _firehose.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void It_is_one_file_published_without_a_warning()
    {
        Assert.True(File.Exists(program.Path));
        Assert.DoesNotContain("warning", program.Printed, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(program.Path)!, "*.dll"));
    }

    [Fact]
    public async Task A_pixel_is_answered_its_event_delivered_with_every_column_and_the_journal_left_empty()
    {
        await using var beacon = await StartAsync();
        using var client = new HttpClient { BaseAddress = beacon.Url };
        client.DefaultRequestHeaders.Add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0");
        client.DefaultRequestHeaders.Add("Referer", "https://shop.example/shoes?color=blue");

        await Pixels.AssertPixelAsync(await client.GetAsync("/trackingpixel?userid=native&thirdpartyname=a.example&size=42"), 200);
        await _firehose.UntilTakenAsync(1);

        var line = Pixels.ParseLine(Assert.Single(_firehose.Taken));
        Assert.Equal("native", line.Text("user_id"));
        Assert.Equal("a.example", line.Text("third_party"));
        Assert.Equal("shop.example", line.Text("page_host"));
        Assert.Equal(["size=42"], line.Params());
        Assert.Equal("127.0.0.0", line.Text("ip"));
        Assert.Equal(0, await beacon.TerminateAsync());
        Assert.Empty(Journals.Segments(_folder["journal"]));
    }

    [Theory]
    [InlineData("process", 3)]
    [InlineData("batch", 1)]
    [InlineData("always", 1)]
    public async Task Killed_under_load_it_delivers_everything_it_answered_200(string sync, int kills)
    {
        var visitors = new Visitors(6);
        var dice = new Random(20261125);
        _firehose.Script = put => put.Number % 3 == 0 ? PutAnswer.Take : new PutAnswer.Refuse(503, "ServiceUnavailableException");
        for (var kill = 0; kill < kills; kill++)
        {
            await using var beacon = await StartAsync("--Journal:SegmentSize", "65536", "--Journal:Sync", sync);
            await visitors.VisitAsync(beacon.Url, until: dice.Next(100, 600), beacon.KillAsync);
        }

        _firehose.Script = _ => PutAnswer.Take;
        await using (var beacon = await StartAsync())
        {
            Assert.Equal(0, await beacon.TerminateAsync());
        }

        Proof.AllArrived(visitors, _firehose, _folder["journal"]);
    }

    [Fact]
    public async Task It_tells_what_is_in_a_journal()
    {
        _firehose.Script = _ => new PutAnswer.HangUp();
        await using (var beacon = await StartAsync())
        {
            await new Visitors(2).VisitAsync(beacon.Url, until: 20, beacon.KillAsync);
        }

        await using var inspect = BeaconProcess.Launch(["journal", "inspect", _folder["journal"]], native: program.Path);

        Assert.Equal(Proof.Inspect(_folder["journal"]), await inspect.EndAsync());
    }

    [Theory]
    [InlineData("--Journal:MaxSize", "5", "--Delivery:MaxInFlight", "0")]
    [InlineData("--Journal:Sync", "sometimes")]
    [InlineData("--Beacon:MaxQueryLength", "many")]
    [InlineData("--Beacon:RetryAfter", "1.5h")]
    [InlineData("--Proxy:Known:0", "10.0.0.0/33")]
    [InlineData("--Fields:File", "/nowhere/fields.json")]
    [InlineData("--AWS:Resources:EventStreamName=", "--AWS:Resources:EventsPrefix=/events")]
    [InlineData("--AWS:ServiceURL", "nowhere", "--AWS:Endpoints:s3", "ftp://a")]
    [InlineData("--Telemetry:Enabled", "perhaps")]
    [InlineData("--Delivery:RoleArn", "nobody")]
    [InlineData("--urls", "nowhere")]
    public async Task A_wrong_setting_ends_it_with_the_sentence_that_the_ordinary_program_says(params string[] settings)
    {
        await using var native = BeaconProcess.Launch(Arguments(settings), native: program.Path);
        await native.EndAsync();

        // Not beside it: both would want the same folder.
        var (exitCode, sentence) = await BeaconProcess.RunAsync(Arguments(settings));

        Assert.DoesNotContain('\n', sentence);
        Assert.Equal(sentence, native.Errors);
        Assert.Equal((1, 1), (exitCode, await native.ExitAsync()));
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/ready")]
    public async Task It_answers_its_probes_as_the_ordinary_program_does(string probe)
    {
        await using var native = await StartAsync();
        await using var ordinary = await BeaconProcess.StartAsync(BeaconProcess.Arguments(_folder["other"], _firehose.Url));
        using var client = new HttpClient();

        using var answer = await client.GetAsync(new Uri(native.Url, probe));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(await client.GetStringAsync(new Uri(ordinary.Url, probe)), await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task It_puts_as_the_role_that_it_assumes()
    {
        await using var cloud = await CloudOfAnother.StartAsync();
        await using var beacon = await StartAsync([.. cloud.Settings.Select(setting => $"--{setting.Key}={setting.Value}")]);
        using var client = new HttpClient { BaseAddress = beacon.Url };

        await Pixels.AssertPixelAsync(await client.GetAsync("/trackingpixel?userid=native"), 200);

        Assert.Equal(0, await beacon.TerminateAsync());
        Assert.True(Assert.Single(cloud.Puts).IsOfSession);
    }

    [Fact]
    public async Task It_exports_its_metrics_traces_and_logs()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var beacon = await StartAsync(
            "--Telemetry:Enabled", "true", "--Beacon:TraceOneIn", "1",
            "--OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url, "--OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf",
            "--OTEL_METRIC_EXPORT_INTERVAL", "100", "--OTEL_BSP_SCHEDULE_DELAY", "100", "--OTEL_BLRP_SCHEDULE_DELAY", "100");
        using var client = new HttpClient { BaseAddress = beacon.Url };

        Assert.True((await client.GetAsync("/trackingpixel?userid=native")).IsSuccessStatusCode);

        await collector.UntilAsync("/v1/metrics", "pixel.beacon.accepted");
        await collector.UntilAsync("/v1/traces", "/trackingpixel");
        await collector.UntilAsync("/v1/logs", "Application started");
    }

    [Fact]
    public async Task It_answers_on_an_endpoint_with_a_certificate_from_its_settings()
    {
        using var certificate = Certificates.Make(_folder.Path);
        await using var beacon = await BeaconProcess.StartAsync(Arguments(Certificates.Endpoint(_folder.Path)), native: program.Path);
        using var client = Certificates.Client(certificate);

        await Pixels.AssertPixelAsync(await client.GetAsync(new Uri(beacon.Url, "/trackingpixel?userid=native")), 200);
    }

    private string[] Arguments(params string[] settings) => BeaconProcess.Arguments(_folder["journal"], _firehose.Url, settings);

    private Task<BeaconProcess> StartAsync(params string[] settings) => BeaconProcess.StartAsync(Arguments(settings), native: program.Path);
}
