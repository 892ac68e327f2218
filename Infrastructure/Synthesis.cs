using Amazon.CDK;
using Infrastructure.Edge;
using Infrastructure.Lake;
using Infrastructure.Worker;
using Pixel.Events;

namespace Infrastructure;

/// <summary>
/// Turns stacks into CloudFormation templates. CDK runs in Node.js, as a child process; it needs neither the network
/// nor the <c>cdk</c> command.
/// </summary>
public static class Synthesis
{
    /// <summary>There is one child process, and one conversation with it: two threads would read each other's answers.</summary>
    private static readonly Lock OneAtATime = new();

    /// <summary>Synthesizes the lake into a folder, and answers the path of its template.</summary>
    /// <exception cref="NodeMissingException">Node.js is not there.</exception>
    public static string Lake(EventSchema schema, string output) =>
        Synthesize(output, app => [new PixelLakeStack(app, schema)]).Values.Single();

    /// <summary>
    /// Synthesizes the lake, the edge and the worker into a folder, which <c>cdk deploy --app</c> takes as it is, and answers the paths
    /// of the templates by the names of their stacks, in the order in which they are to be deployed.
    /// </summary>
    /// <exception cref="NodeMissingException">Node.js is not there.</exception>
    /// <exception cref="EdgeOptionsException">The options do not go together.</exception>
    public static IReadOnlyDictionary<string, string> Edge(EventSchema schema, EdgeOptions options, string output)
    {
        options.Validate();
        return Synthesize(output, app =>
        [
            new PixelLakeStack(app, schema, options.Region),
            .. options.NeedsGlobal ? [new PixelEdgeGlobalStack(app, options)] : Array.Empty<Stack>(),
            new PixelEdgeStack(app, schema, options),
            .. options.Way is ReceivingWay.CloudFront ? [new PixelEdgeWatchStack(app)] : Array.Empty<Stack>(),
            new PixelWorkerStack(app, options),
        ]);
    }

    /// <summary>Does something with CDK, while nobody else does.</summary>
    internal static void Exclusively(Action work)
    {
        lock (OneAtATime)
        {
            work();
        }
    }

    private static IReadOnlyDictionary<string, string> Synthesize(string output, Func<App, IReadOnlyList<Stack>> stacks)
    {
        NodeRuntime.Require();
        lock (OneAtATime)
        {
            var app = new App(new AppProps
            {
                Outdir = output,
                AnalyticsReporting = false,
                // A description of the construct tree, which nobody reads here.
                TreeMetadata = false,
            });
            var made = stacks(app);
            app.Synth();
            return new OrderedDictionary<string, string>(made.Select(stack => KeyValuePair.Create(stack.StackName, Path.Combine(output, stack.TemplateFile))));
        }
    }
}
