using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Amazon.S3;
using Amazon.S3.Model;
using Beacon.Api.Tests.Delivery;
using Catalog.Worker.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Catalog.Worker.Tests.Jobs;

/// <summary>Two workers on one bucket.</summary>
public sealed class LockTests(JobsCloud cloud) : IClassFixture<JobsCloud>, IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly ObservedTime _time = new(Noon);
    private readonly List<Worker> _workers = [];
    private Dictionary<string, string?>? _settings;

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_job_that_runs_in_another_worker_is_refused_with_409_and_runs_here_when_that_is_done()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var hang = new TaskCompletionSource<JobResult>();
        one.Job.Work = _ => hang.Task;

        var first = one.Worker.Http.PostAsync("/jobs/test", null);
        await one.Job.NextAsync();
        var (status, error) = await two.Worker.FailAsync("test");
        hang.SetResult(JobResult.Of());
        await first;
        await two.Worker.RunAsync("test");

        Assert.Equal((409, $"test is running in another worker, on {Environment.MachineName}."), (status, error));
        Assert.Equal(2, (await StateAsync()).GetProperty("token").GetInt64());
    }

    [Fact]
    public async Task Of_workers_that_begin_in_the_same_moment_one_runs_the_job()
    {
        var workers = new List<(Worker Worker, TestJob Job)>();
        for (var i = 0; i < 4; i++)
        {
            workers.Add(await StartAsync());
        }

        for (var round = 0; round < 5; round++)
        {
            int running = 0, most = 0;
            var go = new TaskCompletionSource<JobResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            workers.ForEach(w => w.Job.Work = async _ =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                var result = await go.Task;
                Interlocked.Decrement(ref running);
                return result;
            });

            var answers = workers.Select(w => w.Worker.Http.PostAsync("/jobs/test", null)).ToList();
            var refused = new List<HttpStatusCode>();
            while (refused.Count < 3)
            {
                var answer = await Task.WhenAny(answers);
                answers.Remove(answer);
                refused.Add((await answer).StatusCode);
            }

            go.SetResult(JobResult.Of());

            Assert.All(refused, status => Assert.Equal(HttpStatusCode.Conflict, status));
            Assert.Equal(HttpStatusCode.OK, (await answers.Single()).StatusCode);
            Assert.Equal(1, most);
        }
    }

    [Fact]
    public async Task The_token_grows_with_every_run_and_the_job_is_given_it()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var fences = new List<long>();
        foreach (var worker in new[] { one, one, two, one })
        {
            await worker.Worker.RunAsync("test");
            fences.Add((await worker.Job.NextAsync()).Fence);
        }

        Assert.Equal([1, 2, 3, 4], fences);
    }

    [Fact]
    public async Task A_lock_is_renewed_while_its_run_goes_on()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var hang = new TaskCompletionSource<JobResult>();
        one.Job.Work = _ => hang.Task;
        var first = one.Worker.Http.PostAsync("/jobs/test", null);
        await one.Job.NextAsync();

        // S3 has the renewed lock before its holder knows, and the clock must not move before that waits for its next turn.
        await NextTurnAsync();
        for (var i = 0; i < 6; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(40));
            await NextTurnAsync();
            Assert.Equal(_time.GetUtcNow().AddMinutes(2), (await StateAsync()).GetProperty("expiresAt").GetDateTimeOffset());
        }

        Assert.Equal(409, (await two.Worker.FailAsync("test")).Status); // four minutes later, of a lease of two
        hang.SetResult(JobResult.Of());
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);

        Task NextTurnAsync() => _time.NextWaitAsync(wait => wait == TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task A_lock_that_expires_in_the_middle_stops_its_run_and_goes_to_another_worker_with_a_higher_token()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        one.Job.Work = async stop =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return JobResult.Of();
        };
        var first = one.Worker.Http.PostAsync("/jobs/test", null);
        var begun = await one.Job.NextAsync();

        // S3 refuses to renew: somebody has replaced the document, as one does who found it expired.
        await TakeOverAsync();
        _time.Advance(TimeSpan.FromSeconds(40));
        using var answer = await first;
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString();

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("The lock was lost, so another worker may do the work; what was done so far is kept.", error);
        Assert.Equal(409, (await two.Worker.FailAsync("test")).Status);
        _time.Advance(TimeSpan.FromMinutes(3));
        await two.Worker.RunAsync("test");
        Assert.True((await two.Job.NextAsync()).Fence > begun.Fence + 1);
    }

    [Fact]
    public async Task A_run_that_slept_through_its_whole_lease_stops_and_leaves_the_lock_free()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        one.Job.Work = async stop =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return JobResult.Of();
        };
        var first = one.Worker.Http.PostAsync("/jobs/test", null);
        await one.Job.NextAsync();

        _time.Advance(TimeSpan.FromMinutes(2)); // asleep for the whole lease
        Assert.Equal(HttpStatusCode.BadGateway, (await first).StatusCode);
        await two.Worker.RunAsync("test");
    }

    [Fact]
    public async Task The_lock_of_a_worker_that_was_killed_ends_by_itself_and_at_once_for_its_successor_by_name()
    {
        await SettingsAsync();
        await PutStateAsync("""{"token":7,"owner":"a-dead-run","host":"embedded","expiresAt":"2026-03-15T12:02:00Z"}""");
        var stranger = await StartAsync();
        var successor = await StartAsync(("JobLock:Worker", "embedded"));

        Assert.Equal((409, "test is running in another worker, on embedded."), await stranger.Worker.FailAsync("test"));
        await successor.Worker.RunAsync("test");
        await PutStateAsync("""{"token":9,"owner":"a-dead-run","host":"elsewhere","expiresAt":"2026-03-15T12:02:00Z"}""");
        _time.SetUtcNow(Noon.AddSeconds(134)); // expired, but within the tolerance of clocks
        Assert.Equal(409, (await stranger.Worker.FailAsync("test")).Status);
        _time.SetUtcNow(Noon.AddSeconds(135));
        await stranger.Worker.RunAsync("test");

        Assert.Equal(8, (await successor.Job.NextAsync()).Fence);
        Assert.Equal(10, (await stranger.Job.NextAsync()).Fence);
    }

    [Fact]
    public async Task What_another_worker_has_done_since_it_was_due_is_not_done_again()
    {
        var one = await StartAsync(("Jobs:test:Schedule", "*/10 * * * *"), ("Jobs:test:RunAtStart", "false"));
        var two = await StartAsync();
        var runner = one.Worker.Job("test");
        await UntilAsync(() => runner.NextRun == Noon.AddMinutes(10));
        _time.SetUtcNow(Noon.AddMinutes(9));
        await two.Worker.RunAsync("test"); // before it is due
        _time.SetUtcNow(Noon.AddMinutes(10));
        Assert.Equal(JobTrigger.Schedule, (await one.Job.NextAsync()).Trigger);
        await UntilAsync(() => runner.NextRun == Noon.AddMinutes(20));

        await two.Worker.RunAsync("test");
        _time.SetUtcNow(Noon.AddMinutes(15));
        var due = await runner.TryRunAsync(JobTrigger.Schedule, Noon.AddMinutes(10), dryRun: false, TestContext.Current.CancellationToken);
        var later = await runner.TryRunAsync(JobTrigger.Schedule, Noon.AddMinutes(12), dryRun: false, TestContext.Current.CancellationToken);

        Assert.IsType<JobAttempt.DoneElsewhere>(due);
        Assert.IsType<JobAttempt.Ran>(later);
    }

    [Fact]
    public async Task A_worker_that_found_the_job_taken_comes_back_when_the_lock_has_ended()
    {
        var one = await StartAsync(("Jobs:test:Schedule", "0 * * * *"), ("Jobs:test:RunAtStart", "false"));
        await UntilAsync(() => one.Worker.Job("test").NextRun == Noon.AddHours(1));
        await PutStateAsync("""{"token":1,"owner":"a-run","host":"elsewhere","expiresAt":"2026-03-15T13:01:30Z"}""");

        _time.SetUtcNow(Noon.AddHours(1));
        await UntilAsync(() => one.Worker.Job("test").NextRun == Noon.AddHours(1).AddSeconds(105));
        _time.SetUtcNow(Noon.AddHours(1).AddSeconds(105));

        Assert.Equal(JobTrigger.Retry, (await one.Job.NextAsync()).Trigger);
    }

    [Fact]
    public async Task A_dry_run_takes_no_lock_and_leaves_no_row()
    {
        var (worker, job) = await StartAsync();

        await worker.RunAsync("test", dryRun: true);

        var context = await job.NextAsync();
        Assert.Equal((true, 0L), (context.DryRun, context.Fence));
        Assert.Empty((await cloud.S3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket })).S3Objects ?? []);
        var jobs = await worker.Http.GetFromJsonAsync<JsonElement>("/jobs");
        Assert.True(jobs.EnumerateArray().Single(j => j.GetProperty("name").GetString() == "test").GetProperty("lastRun").GetProperty("dryRun").GetBoolean());
    }

    private string Bucket => _settings!["AWS:Resources:LakeBucketName"]!;

    private async Task<Dictionary<string, string?>> SettingsAsync() => _settings ??= await cloud.SettingsAsync();

    private async Task<(Worker Worker, TestJob Job)> StartAsync(params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>(await SettingsAsync());
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        var worker = await Worker.StartAsync(settings, _time, services => services.AddJob<TestJob>(TestJob.JobName, "off"));
        _workers.Add(worker);
        return (worker, worker.Services.GetRequiredService<TestJob>());
    }

    private async Task<JsonElement> StateAsync()
    {
        using var found = await cloud.S3.GetObjectAsync(Bucket, "catalog/locks/test.json");
        return await JsonSerializer.DeserializeAsync<JsonElement>(found.ResponseStream);
    }

    private Task PutStateAsync(string json)
        => cloud.S3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "catalog/locks/test.json", ContentBody = json });

    private async Task TakeOverAsync()
    {
        var token = (await StateAsync()).GetProperty("token").GetInt64() + 1;
        await PutStateAsync($$"""{"token":{{token}},"owner":"another-run","host":"elsewhere","expiresAt":"2026-03-15T12:02:40Z"}""");
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
