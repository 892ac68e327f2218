using Catalog.Worker.Views;

namespace Catalog.Worker.Tests.Views;

/// <summary>The jobs on the lake as its template declares it, with every column of the shipped field file.</summary>
public sealed class TemplateTests
{
    [Theory]
    [InlineData("string")]
    [InlineData("int")]
    public async Task Views_and_partitions_fit_the_lake_that_the_template_makes(string partitionType)
    {
        await using var lake = await TemplateLake.StartAsync(new() { ["PartitionType"] = partitionType });
        var all = ViewFiles.Load().All;

        var partitions = await lake.Worker.RunAsync("load-partitions");
        var views = await lake.Worker.RunAsync("views");

        Assert.Equal(49, partitions["added"]);
        Assert.Equal(all.Count, views["created"]);
        foreach (var view in all)
        {
            var (year, month) = partitionType == "int" ? ("2026", "3") : ("'2026'", "'03'");
            Assert.Empty(await lake.Athena.QueryAsync($"SELECT year, month, day, hour FROM {view.Name} WHERE year = {year} AND month = {month}"));
        }
    }
}
