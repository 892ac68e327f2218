using System.Text.Json.Nodes;
using Amazon.CDK;
using Amazon.CDK.AWS.CloudWatch;

namespace Infrastructure.Monitoring;

/// <summary>A CloudWatch dashboard: graphs, two in a row, in the order in which they are added.</summary>
internal sealed class Dashboard
{
    private const int Width = 12, Height = 6;

    private readonly List<JsonObject> _widgets = [];
    private readonly Dictionary<string, string> _values = [];

    /// <summary>Adds a graph.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="metrics">The lines in it.</param>
    public void Add(string title, params MetricOf[] metrics) => _widgets.Add(new JsonObject
    {
        ["type"] = "metric",
        ["x"] = _widgets.Count % 2 * Width,
        ["y"] = _widgets.Count / 2 * Height,
        ["width"] = Width,
        ["height"] = Height,
        ["properties"] = new JsonObject
        {
            ["title"] = title,
            ["view"] = "timeSeries",
            ["region"] = "${AWS::Region}",
            ["period"] = 300,
            ["metrics"] = new JsonArray([.. metrics.Select(Line)]),
        },
    });

    /// <summary>Makes the dashboard; nothing can be added after.</summary>
    public void Make(Stack stack)
    {
        var dashboard = new CfnDashboard(stack, "Dashboard", new CfnDashboardProps
        {
            DashboardBody = Fn.Sub(new JsonObject { ["widgets"] = new JsonArray([.. _widgets]) }.ToJsonString(), _values),
        });
        StackParameters.Output(stack, "DashboardName", dashboard.Ref, "The CloudWatch dashboard");
    }

    private JsonArray Line(MetricOf metric)
    {
        JsonArray line = [metric.Namespace, metric.Name];
        foreach (var (name, value) in metric.Dimensions)
        {
            line.Add(name);
            line.Add(Placeholder(value));
        }

        line.Add(new JsonObject { ["stat"] = metric.Statistic });
        return line;
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
