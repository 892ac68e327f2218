using System.CommandLine;
using System.Globalization;
using Infrastructure;
using Infrastructure.Edge;
using Infrastructure.Publishing;

namespace Cli.Deployment;

/// <summary><c>publish</c>: what a deployment to AWS needs, in a folder.</summary>
internal static class PublishCommand
{
    public static Command Create(Terminal terminal)
    {
        var output = new Option<string>("--output", "-o") { Description = "The folder: new, empty, or written by an earlier publish", Required = true };
        var parameters = new Option<string[]>("--parameter")
        {
            Description = "A parameter of the templates, as Name=Value, or Stack.Name=Value for one stack alone; can be repeated",
            DefaultValueFactory = _ => [],
        };
        var bucket = new Option<string?>("--package-bucket") { Description = "A bucket of yours for the packages; without it, the scripts make one" };
        var command = new Command("publish", "Write templates, packages, parameters and scripts for AWS into a folder.") { output, parameters, bucket };
        var edge = new EdgeArguments(command, PublishOptions.HostArchitecture);
        command.SetAction((parsed, cancel) => RunAsync(
            new PublishOptions
            {
                Output = parsed.GetRequiredValue(output),
                Edge = edge.Of(parsed),
                Parameters = parsed.GetValue(parameters) ?? [],
                PackageBucket = parsed.GetValue(bucket),
            },
            terminal, cancel));
        return command;
    }

    private static async Task<int> RunAsync(PublishOptions options, Terminal terminal, CancellationToken cancel)
    {
        try
        {
            var started = TimeProvider.System.GetTimestamp();
            var packages = await new Publisher(options, step => terminal.Remark($"{TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s: {step}")).RunAsync(cancel);
            foreach (var package in packages)
            {
                terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{package.FileName}: {package.Size / 1e6:0.0} MB zipped, {package.SizeOfFiles / 1e6:0.0} MB unpacked{Judge(package)}"));
            }

            terminal.Out.WriteLine($"{Path.Combine(options.Output, "README.md")} says what to run.");
            return 0;
        }
        catch (Exception error) when (error is PublishException or EdgeOptionsException or NodeMissingException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(error.Message, error);
        }
    }

    private static string Judge(PublishedPackage package) => package.Program != "beacon" ? ""
        : package.Size <= PublishedPackage.MostOfBeacon ? $" (aim: under {PublishedPackage.MostOfBeacon / 1_000_000} MB)"
        : $", MORE than the {PublishedPackage.MostOfBeacon / 1_000_000} MB aimed at";
}
