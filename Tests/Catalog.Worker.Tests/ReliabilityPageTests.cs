using System.Reflection;
using System.Text.RegularExpressions;

namespace Catalog.Worker.Tests;

/// <summary>The table of docs/reliability.md about the lake names tests that exist.</summary>
public sealed partial class ReliabilityPageTests
{
    [Fact]
    public void Every_row_about_the_lake_names_tests_that_exist()
    {
        var rows = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "reliability.md"))
            .SkipWhile(line => line != "## In the lake")
            .TakeWhile(line => line != "## What is not promised")
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Skip(1)
            .ToList();
        var tests = typeof(ReliabilityPageTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Where(m => m.GetCustomAttributes<FactAttribute>().Any()).SelectMany(m => new[] { type.Name, $"{type.Name}.{m.Name}" }))
            .ToHashSet();

        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var named = Name().Matches(row).Select(match => match.Groups[1].Value).ToList();
            Assert.True(named.Count > 0, $"No test shows this: {row}");
            Assert.All(named, name => Assert.True(tests.Contains(name), $"There is no test {name}."));
        }
    }

    [GeneratedRegex(@"`(\w+Tests(?:\.\w+)?)`")]
    private static partial Regex Name();
}
