using Amazon.CDK;
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
        NodeRuntime.Require();
        var app = new App(new AppProps
        {
            Outdir = output,
            AnalyticsReporting = false,
            // A description of the construct tree, which nobody reads here.
            TreeMetadata = false,
        });
        var stack = new PixelLakeStack(app, schema);
        app.Synth();
        return Path.Combine(output, stack.TemplateFile);
    }
}
