using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace AppHost.Tests;

/// <summary>The application really runs, with the embedded cloud, once for all of these.</summary>
public sealed class EmbeddedRunTests(EmbeddedRunTests.Run run) : IClassFixture<EmbeddedRunTests.Run>
{
    private const string Pixel = "/trackingpixel?userid=aws_user&thirdpartyname=example.hightrafficwebsite.com";

    [Fact]
    public async Task A_pixel_is_answered_and_the_catalog_runs_its_jobs()
    {
        using var beacon = run.Client("beacon");
        using var pixel = await beacon.GetAsync(new Uri(Pixel, UriKind.Relative), Token);

        Assert.Equal(HttpStatusCode.OK, pixel.StatusCode);
        Assert.Equal("image/gif", pixel.Content.Headers.ContentType?.MediaType);
        Assert.All(["load-partitions", "views", "compaction"], job => Assert.StartsWith($"{job}: ", RunUntilFreeAsync(job).Result, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Demo_traffic_is_sent_flushed_and_can_be_emptied_away()
    {
        await run.MustAsync("beacon", "demo");
        await run.MustAsync("beacon", "demo"); // a tool can run again
        await run.MustAsync("cloud", "flush");
        using var cloud = run.Client("localcloud");
        var before = await cloud.GetStringAsync(new Uri("/pixel-lake?list-type=2&prefix=events/", UriKind.Relative), Token);

        var said = await run.MustAsync("cloud", "empty");
        var after = await cloud.GetStringAsync(new Uri("/pixel-lake?list-type=2&prefix=events/", UriKind.Relative), Token);

        Assert.Contains(".parquet", before, StringComparison.Ordinal);
        Assert.DoesNotContain(".parquet", after, StringComparison.Ordinal);
        Assert.Matches(@"^\d+ objects and \d+ partitions were deleted\.$", said);
        await run.HealthyAsync("catalog");
    }

    [Fact]
    public async Task A_beacon_that_is_killed_starts_again_and_answers()
    {
        Assert.Matches(@"^Process \d+ was killed, and beacon started again\.$", await run.MustAsync("beacon", "kill"));

        await run.HealthyAsync("beacon");
        using var beacon = run.Client("beacon");
        using var pixel = await beacon.GetAsync(new Uri(Pixel, UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.OK, pixel.StatusCode);
    }

    [Fact]
    public async Task The_worker_knows_the_jobs_schedules_of_a_person_who_waits()
    {
        using var catalog = run.Client("catalog");
        var jobs = await catalog.GetFromJsonAsync<JsonArray>(new Uri("/jobs", UriKind.Relative), Token);

        Assert.Equal("* * * * *", (string?)jobs!.Single(job => (string?)job!["name"] == "load-partitions")!["schedule"]);
    }

    [Fact]
    public async Task The_links_in_the_dashboard_lead_somewhere()
    {
        using var http = new HttpClient();
        foreach (var (resource, path) in new[] { ("beacon", "/trackingpixel?"), ("beacon", "/ready"), ("catalog", "/jobs"), ("localcloud", "/_localcloud/stacks"), ("localcloud", "/_localcloud/firehose/meter") })
        {
            var link = Assert.Single(run.Links(resource), link => new Uri(link).PathAndQuery.StartsWith(path, StringComparison.Ordinal));
            using var answer = await http.GetAsync(new Uri(link), Token);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    /// <summary>A job that runs at this moment by its schedule is refused, in words; then it is asked again.</summary>
    private async Task<string> RunUntilFreeAsync(string job)
    {
        while (true)
        {
            var (success, message) = await run.CommandAsync("catalog", job);
            if (success)
            {
                return message;
            }

            Assert.Contains("running", message, StringComparison.Ordinal);
            await Task.Delay(TimeSpan.FromMilliseconds(250), Token);
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts it and waits until everything is healthy.</summary>
    public sealed class Run : IAsyncLifetime
    {
        private Models? _model;
        private DistributedApplication? _app;

        private DistributedApplication App => _app ?? throw new InvalidOperationException("It has not been started.");

        public async ValueTask InitializeAsync()
        {
            _model = await Models.EmbeddedAsync();
            _app = await _model.Builder.BuildAsync();
            await _app.StartAsync();
            await HealthyAsync("localcloud");
            await HealthyAsync("beacon");
            await HealthyAsync("catalog");
        }

        public HttpClient Client(string resource) => App.CreateHttpClient(resource, "http");

        public async Task HealthyAsync(string resource)
        {
            try
            {
                await App.ResourceNotifications.WaitForResourceHealthyAsync(resource, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1));
            }
            catch (TimeoutException)
            {
                Assert.Fail($"{resource} is {StateOf(resource)}; its log ends with:\n{await EndOfLogAsync(resource)}");
            }
        }

        private string StateOf(string resource) =>
            App.ResourceNotifications.TryGetCurrentState(resource, out var now) ? $"{now.Snapshot.State?.Text} and {now.Snapshot.HealthStatus}" : "unknown";

        private async Task<string> EndOfLogAsync(string resource)
        {
            var lines = new List<string>();
            var logs = App.Services.GetRequiredService<ResourceLoggerService>();
            await foreach (var some in logs.GetAllAsync(_model!.Find<IResource>(resource)))
            {
                lines.AddRange(some.Select(line => line.Content));
            }

            return string.Join('\n', lines.TakeLast(30));
        }

        /// <summary>What the dashboard shows as links of a resource.</summary>
        public IEnumerable<string> Links(string resource) =>
            App.ResourceNotifications.TryGetCurrentState(resource, out var now) ? now.Snapshot.Urls.Select(url => url.Url) : [];

        public async Task<string> MustAsync(string resource, string command)
        {
            var (success, message) = await CommandAsync(resource, command);
            Assert.True(success, message);
            return message;
        }

        public async Task<(bool Success, string Message)> CommandAsync(string resource, string command)
        {
            var result = await App.ResourceCommands.ExecuteCommandAsync(
                _model!.Find<IResource>(resource), command, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1));
            return (result.Success, result.Message ?? "");
        }

        public async ValueTask DisposeAsync()
        {
            if (_app is not null)
            {
                await _app.DisposeAsync();
            }

            if (_model is not null)
            {
                await _model.DisposeAsync();
            }
        }
    }
}
