using System.Text.Json;
using Amazon.S3;
using Amazon.S3.Model;
using Catalog.Worker.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Catalog.Worker.Tests.Jobs;

/// <summary>What runs leave in the lake; that Athena reads it is a test of the template.</summary>
public sealed class JobRunLogTests(JobsCloud cloud) : IClassFixture<JobsCloud>
{
    private readonly FakeTimeProvider _time = new(new(2026, 3, 15, 23, 50, 0, TimeSpan.Zero));

    [Fact]
    public async Task Every_run_is_a_row_and_a_day_of_a_job_is_one_object()
    {
        var settings = await cloud.SettingsAsync();
        await using var worker = await Worker.StartAsync(settings, _time, services => services.AddJob<TestJob>(TestJob.JobName, "off"));
        var job = worker.Services.GetRequiredService<TestJob>();

        job.Work = _ => Task.FromResult(new JobResult([new("added", 3)]) { Notes = ["Deploy the template."] });
        await worker.RunAsync("test");
        job.Work = _ => throw new JobException("The table is \"missing\".");
        await worker.FailAsync("test");
        _time.Advance(TimeSpan.FromMinutes(15));
        job.Work = _ => Task.FromResult(JobResult.Of());
        await worker.RunAsync("test");

        var objects = await ObjectsAsync(settings);
        Assert.Equal(2, objects.Count);
        var rows = objects.SelectMany(o => o.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.StartsWith("job_runs/2026-03-15-235000000-test-", objects[0].Key, StringComparison.Ordinal);
        Assert.StartsWith("job_runs/2026-03-16-000500000-test-", objects[1].Key, StringComparison.Ordinal);
        Assert.Equal(
            $$"""{"job":"test","outcome":"succeeded","trigger":"request","started_at":"2026-03-15T23:50:00.000Z","seconds":0,"counts":{"added":3},"error":null,"notes":["Deploy the template."],"fence":1,"host":"{{Environment.MachineName}}"}""",
            rows[0].GetRawText());
        Assert.Equal(["succeeded", "refused", "succeeded"], rows.Select(r => r.GetProperty("outcome").GetString()));
        Assert.Equal("The table is \"missing\".", rows[1].GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_run_that_could_not_be_written_is_written_with_the_next()
    {
        var settings = await cloud.SettingsAsync();
        var bucket = settings["AWS:Resources:LakeBucketName"];
        await using var worker = await Worker.StartAsync(settings, _time, services => services.AddJob<TestJob>(TestJob.JobName, "off"));
        var job = worker.Services.GetRequiredService<TestJob>();

        job.Work = async _ =>
        {
            await DeleteBucketAsync(bucket!);
            return JobResult.Of(new JobCount("first", 1));
        };
        await worker.RunAsync("test");
        await cloud.S3.PutBucketAsync(bucket);
        _time.Advance(TimeSpan.FromMinutes(15)); // another day: it is not forgotten
        job.Work = _ => Task.FromResult(JobResult.Of(new JobCount("second", 1)));
        await worker.RunAsync("test");

        var (_, body) = Assert.Single(await ObjectsAsync(settings));
        Assert.Equal(["first", "second"], body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<JsonElement>(l).GetProperty("counts").EnumerateObject().Single().Name));
    }

    [Fact]
    public async Task An_object_holds_a_hundred_runs()
    {
        var settings = await cloud.SettingsAsync();
        await using var worker = await Worker.StartAsync(settings, _time, services => services.AddJob<TestJob>(TestJob.JobName, "off"));

        for (var i = 0; i < 101; i++)
        {
            await worker.RunAsync("test");
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal([100, 1], (await ObjectsAsync(settings)).Select(o => o.Body.Count(c => c == '\n')));
    }

    private async Task<List<(string Key, string Body)>> ObjectsAsync(Dictionary<string, string?> settings)
    {
        var bucket = settings["AWS:Resources:LakeBucketName"];
        var found = await cloud.S3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Prefix = "job_runs/" });
        var objects = new List<(string, string)>();
        foreach (var key in (found.S3Objects ?? []).Select(o => o.Key))
        {
            using var reader = new StreamReader((await cloud.S3.GetObjectAsync(bucket, key)).ResponseStream);
            objects.Add((key, await reader.ReadToEndAsync()));
        }

        return objects;
    }

    private async Task DeleteBucketAsync(string bucket)
    {
        foreach (var found in (await cloud.S3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket })).S3Objects ?? [])
        {
            await cloud.S3.DeleteObjectAsync(bucket, found.Key);
        }

        await cloud.S3.DeleteBucketAsync(bucket);
    }
}
