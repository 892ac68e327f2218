using System.Reflection;
using System.Text.RegularExpressions;

namespace Beacon.Api.Tests.Faults;

/// <summary>The table of docs/reliability.md names tests that exist, and every test that was written for it.</summary>
public sealed partial class ReliabilityPageTests
{
    // The lake's faults have a table of their own, whose tests are the worker's.
    private static readonly string[] Rows =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "reliability.md"))
            .TakeWhile(line => line != "## In the lake")
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Skip(1),
    ];

    [Fact]
    public void Every_row_of_the_table_names_a_test_and_every_test_it_names_exists()
    {
        Assert.NotEmpty(Rows);
        foreach (var row in Rows)
        {
            var named = Named(row);
            Assert.True(named.Count > 0, $"No test shows this: {row}");
            Assert.All(named, name => Assert.True(Tests("Faults", "Crash", "Journal", "Delivery", "Identity").Contains(name), $"There is no test {name}."));
        }
    }

    [Fact]
    public void Every_test_of_a_fault_stands_on_the_page()
    {
        var page = Named(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "reliability.md")));
        var faults = Tests("Faults", "Crash").Where(test => !test.StartsWith("KillTests.", StringComparison.Ordinal) && !test.StartsWith(nameof(ReliabilityPageTests), StringComparison.Ordinal));

        Assert.Equal(["FlushOrderTests.With_Sync_process_no_answer_waits_for_a_flush"], faults.Except(page));
    }

    private static HashSet<string> Named(string text) => [.. Name().Matches(text).Select(match => match.Groups[1].Value)];

    private static HashSet<string> Tests(params string[] features) =>
        [.. typeof(ReliabilityPageTests).Assembly.GetTypes()
            .Where(type => features.Any(feature => type.Namespace == $"Beacon.Api.Tests.{feature}"))
            .SelectMany(type => type.GetMethods().Where(method => method.GetCustomAttributes<FactAttribute>().Any()).Select(method => $"{type.Name}.{method.Name}"))];

    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex Name();
}
