using System.Text.Json.Nodes;
using Amazon.CDK;
using Amazon.CDK.AWS.CloudWatch;

namespace Infrastructure.Monitoring;

/// <summary>A CloudWatch dashboard: graphs, two in a row, in the order in which they are added.</summary>
internal sealed class Dashboard
{
    private const int Width = 12, Height = 6;

    private readonly List<JsonObject> _widgets = [];
    private readonly List<JsonObject> _conditional = [];
    private CfnCondition? _condition;
    private readonly Dictionary<string, string> _values = [];

    /// <summary>Adds a graph.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="metrics">The lines in it.</param>
    public void Add(string title, params MetricOf[] metrics) => _widgets.Add(Graph(_widgets.Count, title, metrics));

    /// <summary>Adds a graph that is there only when a condition holds, one and the same for all such graphs; they come last.</summary>
    /// <inheritdoc cref="Add"/>
    public void AddOnly(CfnCondition condition, string title, params MetricOf[] metrics)
    {
        _condition = condition;
        _conditional.Add(Graph(_widgets.Count + _conditional.Count, title, metrics));
    }

    private JsonObject Graph(int place, string title, MetricOf[] metrics) => new()
    {
        ["type"] = "metric",
        ["x"] = place % 2 * Width,
        ["y"] = place / 2 * Height,
        ["width"] = Width,
        ["height"] = Height,
        ["properties"] = new JsonObject
        {
            ["title"] = title,
            ["view"] = "timeSeries",
            ["region"] = "${AWS::Region}",
            ["period"] = 300,
            ["stat"] = metrics[0].Statistic,
            ["metrics"] = Lines(metrics),
        },
    };

    /// <summary>Makes the dashboard, if whoever deploys wants it; nothing can be added after.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="byDefault">Whether it is made when nobody says so.</param>
    public void Make(Stack stack, bool byDefault)
    {
        var widgets = Text(_widgets);
        var values = ValuesIn(widgets);
        if (_condition is not null)
        {
            var more = $",{Text(_conditional)}";
            values["More"] = Fn.ConditionIf(_condition.LogicalId, Fn.Sub(more, ValuesIn(more)), "").ToString()!;
            widgets += "${More}";
        }

        var wanted = StackParameters.Choice(stack, "WithDashboard", byDefault ? "yes" : "no", ["yes", "no"], "A CloudWatch dashboard: $3 a month beyond an account's first three.");
        var dashboard = new CfnDashboard(stack, "Dashboard", new CfnDashboardProps { DashboardBody = Fn.Sub($$"""{"widgets":[{{widgets}}]}""", values) });
        dashboard.CfnOptions.Condition = StackParameters.IsNot(wanted, "no", "HasDashboard");
        StackParameters.Output(stack, "DashboardName", dashboard.Ref, "The CloudWatch dashboard", dashboard.CfnOptions.Condition);
    }

    private static string Text(IEnumerable<JsonObject> widgets) => string.Join(',', widgets.Select(widget => widget.ToJsonString()));

    private Dictionary<string, string> ValuesIn(string text) =>
        _values.Where(value => text.Contains($"${{{value.Key}}}", StringComparison.Ordinal)).ToDictionary(value => value.Key, value => value.Value);

    // What is as in the line before is written as a dot, and the statistic where it is not that of the graph: a template may
    // not be larger than 51,200 bytes ("Dashboard body structure and syntax").
    private JsonArray Lines(MetricOf[] metrics)
    {
        string[] before = [];
        var lines = new JsonArray();
        foreach (var metric in metrics)
        {
            string[] line = [Placeholder(metric.Namespace), metric.Name, .. metric.Dimensions.SelectMany(d => new[] { d.Name, Placeholder(d.Value) })];
            var written = new JsonArray([.. line.Select((part, i) => (JsonNode)(i < before.Length && before[i] == part ? "." : part))]);
            if (metric.Statistic != metrics[0].Statistic)
            {
                written.Add(new JsonObject { ["stat"] = metric.Statistic });
            }

            lines.Add(written);
            before = line;
        }

        return lines;
    }

    // What only CloudFormation knows; the rest stands in the text as it is.
    private string Placeholder(string value)
    {
        if (!Token.IsUnresolved(value))
        {
            return value;
        }

        var known = _values.FirstOrDefault(v => v.Value == value).Key;
        if (known is null)
        {
            _values[known = $"V{_values.Count}"] = value;
        }

        return $"${{{known}}}";
    }
}
