using System.Net;
using Catalog.Worker.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Catalog.Worker.Tests.Jobs;

public sealed class ScheduleTests(JobsCloud cloud) : IClassFixture<JobsCloud>, IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(At(10, 2));
    private Worker? _worker;

    public ValueTask DisposeAsync() => _worker?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_job_runs_at_the_start_and_then_at_its_times()
    {
        var job = await StartAsync("*/10 * * * *");

        var first = await job.NextAsync();
        await NextRunIsAsync(At(10, 10));
        _time.SetUtcNow(At(10, 10));
        var second = await job.NextAsync();
        await NextRunIsAsync(At(10, 20));

        Assert.Equal((At(10, 2), JobTrigger.Start), (first.StartedAt, first.Trigger));
        Assert.Equal((At(10, 10), JobTrigger.Schedule), (second.StartedAt, second.Trigger));
    }

    [Fact]
    public async Task A_job_can_wait_for_its_first_time()
    {
        var job = await StartAsync("*/10 * * * *", ("Jobs:test:RunAtStart", "false"));

        await NextRunIsAsync(At(10, 10));
        _time.SetUtcNow(At(10, 10));

        Assert.Equal(JobTrigger.Schedule, (await job.NextAsync()).Trigger);
    }

    [Fact]
    public async Task A_failed_run_is_tried_again_with_doubling_waits_and_never_later_than_its_schedule()
    {
        var job = await StartAsync(
            "*/10 * * * *", ("Jobs:test:RunAtStart", "false"), ("Jobs:test:RetryAfter", "00:01:00"), ("Jobs:test:RetryAtMost", "00:30:00"));
        job.Work = _ => throw new JobException("The table is missing.");
        await NextRunIsAsync(At(10, 10));
        var runs = new List<(DateTimeOffset, JobTrigger)>();

        for (var next = At(10, 10); runs.Count < 5; next = await NextRunAfterAsync(next))
        {
            _time.SetUtcNow(next);
            var run = await job.NextAsync();
            runs.Add((run.StartedAt, run.Trigger));
        }

        Assert.Equal(
            [
                (At(10, 10), JobTrigger.Schedule),
                (At(10, 11), JobTrigger.Retry),
                (At(10, 13), JobTrigger.Retry),
                (At(10, 17), JobTrigger.Retry),
                (At(10, 20), JobTrigger.Schedule), // eight minutes later would be 10:25
            ],
            runs);
    }

    [Fact]
    public async Task A_run_that_hangs_past_its_next_time_misses_its_schedule_until_the_next_run_begins()
    {
        var hang = new TaskCompletionSource<JobResult>();
        var job = await StartAsync("*/10 * * * *", ("Jobs:test:RunAtStart", "false"));
        job.Work = _ => hang.Task;
        await NextRunIsAsync(At(10, 10));
        Assert.Equal(HttpStatusCode.OK, await ReadyAsync());

        _time.SetUtcNow(At(10, 10));
        await job.NextAsync();
        _time.SetUtcNow(At(10, 24));
        Assert.Equal(HttpStatusCode.OK, await ReadyAsync());
        _time.SetUtcNow(At(10, 26));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync());

        hang.SetResult(JobResult.Of());
        await NextRunIsAsync(At(10, 30));
        _time.SetUtcNow(At(10, 30));
        await job.NextAsync();
        Assert.Equal(HttpStatusCode.OK, await ReadyAsync());
    }

    [Fact]
    public async Task A_job_that_fails_is_no_reason_to_be_unready()
    {
        var job = await StartAsync("*/10 * * * *", ("Jobs:test:RunAtStart", "false"));
        job.Work = _ => throw new InvalidOperationException("a defect");
        await NextRunIsAsync(At(10, 10));
        _time.SetUtcNow(At(10, 10));
        await job.NextAsync();
        await NextRunAfterAsync(At(10, 10));

        Assert.Equal(HttpStatusCode.OK, await ReadyAsync());
    }

    [Fact]
    public async Task Jitter_delays_a_scheduled_run_by_up_to_its_length_and_the_grace_begins_behind_it()
    {
        var job = await StartAsync("0 * * * *", ("Jobs:test:RunAtStart", "false"), ("Jobs:test:Jitter", "00:10:00"));
        var delays = new HashSet<TimeSpan>();
        for (var hour = 11; hour < 19; hour++)
        {
            var next = await UntilAsync(next => next >= At(hour, 0));
            Assert.InRange(next, At(hour, 0), At(hour, 10));
            delays.Add(next - At(hour, 0));
            _time.SetUtcNow(next);
            await job.NextAsync();
        }

        Assert.True(delays.Count > 1);
    }

    [Fact]
    public async Task A_job_that_runs_out_of_time_goes_on_at_once()
    {
        var job = await StartAsync("0 * * * *", ("Jobs:test:RunAtStart", "false"), ("Jobs:test:TimeLimit", "00:03:00"));
        var asked = new TaskCompletionSource();
        job.Run = async context =>
        {
            using var end = context.OutOfTime.Register(asked.SetResult);
            await asked.Task;
            return new JobResult([new("done", 1)]) { Unfinished = true };
        };
        await NextRunIsAsync(At(11, 0));
        _time.SetUtcNow(At(11, 0));
        await job.NextAsync();
        Assert.False(asked.Task.IsCompleted);
        _time.SetUtcNow(At(11, 3));

        var continued = await job.NextAsync();

        Assert.Equal((At(11, 3), JobTrigger.Continuation), (continued.StartedAt, continued.Trigger));
    }

    [Fact]
    public async Task In_lambda_nothing_runs_by_itself_and_runs_end_after_twelve_minutes()
    {
        var job = await StartAsync("*/10 * * * *", ("AWS_LAMBDA_FUNCTION_NAME", "pixel-compaction"));
        var asked = new TaskCompletionSource();
        job.Run = async context =>
        {
            using var end = context.OutOfTime.Register(asked.SetResult);
            await asked.Task;
            return new JobResult([]) { Unfinished = true };
        };

        _time.SetUtcNow(At(14, 0));
        Assert.Equal(HttpStatusCode.OK, await ReadyAsync());
        var request = _worker!.Http.PostAsync("/jobs/test", null);
        var first = await job.NextAsync();
        _time.SetUtcNow(At(14, 12));
        using var answer = await request;

        Assert.Equal(JobTrigger.Request, first.Trigger);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\"outcome\":\"Unfinished\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null(Runner.NextRun);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("off", null)]
    [InlineData("16 * * * *", "2026-03-28T22:16:00Z")]
    [InlineData("30 0 1 * * *", "2026-03-29T00:00:30Z")] // six fields: seconds first; 1 o'clock in Berlin is midnight in UTC
    [InlineData("30 2 * * *", "2026-03-29T01:00:00Z")] // does not exist in Berlin that day: as soon as the clocks have moved
    public void A_schedule_is_read_in_its_time_zone(string expression, string? next)
    {
        Assert.True(JobSchedule.TryParse(new JobOptions { Schedule = expression, TimeZone = "Europe/Berlin" }, out var schedule, out _));

        Assert.Equal(next is null ? (DateTimeOffset?)null : DateTimeOffset.Parse(next), schedule.Next(new(2026, 3, 28, 22, 0, 0, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("Jobs:views:Schedule", "every day")]
    [InlineData("Jobs:views:TimeZone", "Mars/Olympus")]
    [InlineData("Jobs:views:RetryAfter", "00:00:00")]
    [InlineData("Jobs:views:Grace", "00:00:00")]
    [InlineData("Jobs:views:Jitter", "2.00:00:00")]
    [InlineData("Jobs:views:TimeLimit", "00:00:00")]
    [InlineData("JobLock:Lease", "00:00:10")]
    [InlineData("JobLock:ClockTolerance", "-00:00:01")]
    [InlineData("Lake:LateWindow", "00:10:00")]
    [InlineData("AWS:Resources:KeyLayout", "flat")]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string key, string value)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => Worker.StartAsync(new() { [key] = value }));

        Assert.Contains(key, error.ToString(), StringComparison.Ordinal);
        Assert.NotNull(ServiceDefaults.StartFailure.Explain(error));
    }

    private JobRunner Runner => _worker!.Job(TestJob.JobName);

    private static DateTimeOffset At(int hour, int minute) => new(2026, 3, 15, hour, minute, 0, TimeSpan.Zero);

    private async Task<TestJob> StartAsync(string schedule, params (string Key, string Value)[] settings)
    {
        _worker = await Worker.StartAsync(
            await cloud.SettingsAsync([.. settings.Select(s => (s.Key, (string?)s.Value))]), _time, services => services.AddJob<TestJob>(TestJob.JobName, schedule));
        return _worker.Services.GetRequiredService<TestJob>();
    }

    private async Task<HttpStatusCode> ReadyAsync()
    {
        using var response = await _worker!.Http.GetAsync("/ready");
        return response.StatusCode;
    }

    // The loop runs on its own; these wait until it has said when it runs next.
    private Task<DateTimeOffset> NextRunIsAsync(DateTimeOffset expected) => UntilAsync(next => next == expected);

    private Task<DateTimeOffset> NextRunAfterAsync(DateTimeOffset now) => UntilAsync(next => next > now);

    private async Task<DateTimeOffset> UntilAsync(Func<DateTimeOffset, bool> holds)
    {
        while (true)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            if (!Runner.IsRunning && Runner.NextRun is { } next && holds(next))
            {
                return next;
            }

            await Task.Yield();
        }
    }
}
