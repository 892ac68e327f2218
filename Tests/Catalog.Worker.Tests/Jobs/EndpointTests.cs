using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Catalog.Worker.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Catalog.Worker.Tests.Jobs;

public sealed class EndpointTests(JobsCloud cloud) : IClassFixture<JobsCloud>, IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new(2026, 3, 15, 10, 2, 0, TimeSpan.Zero));
    private Worker _worker = null!;
    private TestJob _job = null!;

    public async ValueTask InitializeAsync()
    {
        _worker = await Worker.StartAsync(
            await cloud.SettingsAsync(("Jobs:test:RunAtStart", "false")), _time, services => services.AddJob<TestJob>(TestJob.JobName, "*/10 * * * *"));
        _job = _worker.Services.GetRequiredService<TestJob>();
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    [Fact]
    public async Task Asking_for_a_job_answers_what_it_did()
    {
        _job.Work = _ =>
        {
            _time.Advance(TimeSpan.FromSeconds(1.5));
            return Task.FromResult(JobResult.Of(new JobCount("added", 3), new JobCount("awsCalls", 4)));
        };

        var body = await _worker.Http.PostAsync("/jobs/test", null);

        Assert.Equal(HttpStatusCode.OK, body.StatusCode);
        Assert.Equal(
            """{"job":"test","outcome":"Succeeded","trigger":"Request","startedAt":"2026-03-15T10:02:00+00:00","seconds":1.5,"dryRun":false,"counts":{"added":3,"awsCalls":4},"notes":[],"error":null}""",
            await body.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_list_shows_schedule_next_run_and_last_result()
    {
        await _worker.RunAsync("test");

        var jobs = await _worker.Http.GetFromJsonAsync<JsonElement>("/jobs");

        Assert.Equal(["load-partitions", "repair-partitions", "schema", "views", "rollup", "compaction", "retention", "erasure", "redrive", "ledger", "alerts", "test"], jobs.EnumerateArray().Select(j => j.GetProperty("name").GetString()));
        Assert.Equal(JsonValueKind.Null, jobs[0].GetProperty("schedule").ValueKind);
        Assert.Equal(JsonValueKind.Null, jobs[0].GetProperty("lastRun").ValueKind);
        Assert.Equal("*/10 * * * *", jobs[11].GetProperty("schedule").GetString());
        Assert.Equal(1, jobs[11].GetProperty("lastRun").GetProperty("counts").GetProperty("done").GetInt32());
    }

    [Fact]
    public async Task A_job_that_does_not_exist_is_not_found()
    {
        var (status, error) = await _worker.FailAsync("tidy");

        Assert.Equal(404, status);
        Assert.Equal("There is no job named tidy; there are load-partitions, repair-partitions, schema, views, rollup, compaction, retention, erasure, redrive, ledger, alerts, test.", error);
    }

    [Fact]
    public async Task A_job_never_runs_twice_at_once()
    {
        var hang = new TaskCompletionSource<JobResult>();
        _job.Work = _ => hang.Task;

        var first = _worker.Http.PostAsync("/jobs/test", null);
        await _job.NextAsync();
        var (status, error) = await _worker.FailAsync("test");
        hang.SetResult(JobResult.Of());

        Assert.Equal(409, status);
        Assert.Contains("test is running", error, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
    }

    [Fact]
    public async Task What_the_job_cannot_help_is_a_502_with_its_sentence()
    {
        _job.Work = _ => throw new JobException("The table is missing: deploy it.");

        Assert.Equal((502, "The table is missing: deploy it."), await _worker.FailAsync("test"));
    }

    [Fact]
    public async Task A_defect_is_a_500_and_the_answer_does_not_show_it()
    {
        _job.Work = _ => throw new InvalidOperationException("/secret/path");

        var (status, error) = await _worker.FailAsync("test");

        Assert.Equal(500, status);
        Assert.Equal("test failed with InvalidOperationException; the worker's log says where.", error);
    }

    [Fact]
    public async Task A_run_goes_on_when_who_asked_for_it_hangs_up()
    {
        var hang = new TaskCompletionSource<JobResult>();
        var cancelled = false;
        _job.Work = ct =>
        {
            ct.Register(() => cancelled = true);
            return hang.Task;
        };
        using var hangUp = new CancellationTokenSource();

        var request = _worker.Http.PostAsync("/jobs/test", null, hangUp.Token);
        await _job.NextAsync();
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        hang.SetResult(JobResult.Of(new JobCount("done", 1)));
        while (_worker.Job("test").IsRunning)
        {
            await Task.Yield();
        }

        Assert.False(cancelled);
        Assert.Equal(JobOutcome.Succeeded, _worker.Job("test").Last?.Outcome);
    }

    [Fact]
    public async Task Aws_that_does_not_answer_is_a_502()
    {
        await using var worker = await Worker.StartAsync();

        var (status, error) = await worker.FailAsync("load-partitions");

        Assert.Equal(502, status);
        Assert.StartsWith("AWS did not answer: Connection refused", error, StringComparison.Ordinal);
    }
}
