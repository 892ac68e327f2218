using Amazon.CDK;
using Infrastructure.Edge;
using Infrastructure.Lake;
using Pixel.Events;

namespace Infrastructure;

/// <summary>
/// Turns stacks into CloudFormation templates. CDK runs in Node.js, as a child process; it needs neither the network
/// nor the <c>cdk</c> command.
/// </summary>
public static class Synthesis
{
    /// <summary>Synthesizes the lake into a folder, and answers the path of its template.</summary>
    /// <exception cref="NodeMissingException">Node.js is not there.</exception>
    public static string Lake(EventSchema schema, string output)
    {
        var app = App(output);
        var stack = new PixelLakeStack(app, schema);
        app.Synth();
        return Path.Combine(output, stack.TemplateFile);
    }

    /// <summary>
    /// Synthesizes the edge into a folder, which <c>cdk deploy --app</c> takes as it is, and answers the paths of its
    /// templates by the names of their stacks, in the order in which they are to be deployed.
    /// </summary>
    /// <exception cref="NodeMissingException">Node.js is not there.</exception>
    /// <exception cref="EdgeOptionsException">The options do not go together.</exception>
    public static IReadOnlyDictionary<string, string> Edge(EventSchema schema, EdgeOptions options, string output)
    {
        options.Validate();
        var app = App(output);
        List<Stack> stacks = [new PixelLakeStack(app, schema)];
        stacks.Add(new PixelEdgeStack(app, schema, options));
        app.Synth();
        return stacks.ToDictionary(stack => stack.StackName, stack => Path.Combine(output, stack.TemplateFile));
    }

    private static App App(string output)
    {
        NodeRuntime.Require();
        return new App(new AppProps
        {
            Outdir = output,
            AnalyticsReporting = false,
            // A description of the construct tree, which nobody reads here.
            TreeMetadata = false,
        });
    }
}
