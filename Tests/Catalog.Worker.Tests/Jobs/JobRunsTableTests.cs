using Catalog.Worker.Tests.Views;

namespace Catalog.Worker.Tests.Jobs;

/// <summary>The table <c>job_runs</c>, as somebody asks it.</summary>
public sealed class JobRunsTableTests
{
    [Fact]
    public async Task Runs_can_be_asked_for_in_sql()
    {
        await using var lake = await TemplateLake.StartAsync();
        await lake.Worker.RunAsync("load-partitions");
        await lake.Worker.RunAsync("load-partitions", dryRun: true);
        await lake.Worker.RunAsync("load-partitions");

        var rows = await lake.Athena.QueryAsync(
            "SELECT job, outcome, trigger, started_at, counts['added'], error, cardinality(notes), fence FROM job_runs ORDER BY fence");

        Assert.Equal(
            [
                "load-partitions|succeeded|request|2026-03-15 10:30:00.000|49||0|1",
                "load-partitions|succeeded|request|2026-03-15 10:30:00.000|0||0|2",
            ],
            rows);
    }
}
