using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Catalog.Worker.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Catalog.Worker.Tests.Jobs;

public sealed class MetricsTests(JobsCloud cloud) : IClassFixture<JobsCloud>
{
    [Fact]
    public async Task Runs_durations_and_counts_are_measured_by_job_and_outcome()
    {
        await using var worker = await Worker.StartAsync(await cloud.SettingsAsync(), services: s => s.AddJob<TestJob>(TestJob.JobName, "off"));
        var job = worker.Services.GetRequiredService<TestJob>();
        var measured = new ConcurrentBag<string>();
        using var listener = new MeterListener();
        var ours = worker.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Scope == ours)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured.Add($"{instrument.Name} {value} {Text(tags)}"));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => measured.Add($"{instrument.Name} {Text(tags)}"));
        listener.Start();

        job.Work = _ => Task.FromResult(JobResult.Of(new JobCount("added", 3)));
        await worker.RunAsync("test");
        job.Work = _ => throw new JobException("No.");
        await worker.FailAsync("test");

        Assert.Equal(
            [
                "pixel.catalog.job.duration job=test outcome=refused",
                "pixel.catalog.job.duration job=test outcome=succeeded",
                "pixel.catalog.job.items 3 job=test count=added",
                "pixel.catalog.job.runs 1 job=test outcome=refused",
                "pixel.catalog.job.runs 1 job=test outcome=succeeded",
            ],
            measured.Where(m => m.StartsWith("pixel.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        => string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"));
}
