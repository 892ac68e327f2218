using System.Globalization;
using ServiceDefaults;

namespace Standalone;

/// <summary>The command line. The launcher hands it over as the user typed it, with the defaults it adds.</summary>
internal sealed record StandaloneOptions
{
    /// <summary>Everything that outlives the process is below this folder. Absolute.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The pixel's port; 0 takes any free one, and the same goes for the others.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>The port of S3, Firehose, Glue and Athena.</summary>
    public int CloudPort { get; init; } = 4566;

    /// <summary>The port of the catalog's jobs.</summary>
    public int WorkerPort { get; init; } = 8082;

    /// <summary>The dashboard's port, kept for it: nothing listens there in this version, and the banner says so when it is given.</summary>
    public int? InsightsPort { get; init; }

    /// <summary>Whether the end of standard input stops the system: the launcher's way to say that it is gone.</summary>
    public bool UntilInputEnds { get; init; }

    /// <summary>The command that gives the user <c>demo</c> and <c>query</c>; null where there is none, as in a published copy.</summary>
    public string? Command { get; init; }

    /// <exception cref="StartupException">An option is unknown or has no usable value.</exception>
    public static StandaloneOptions Parse(string[] args)
    {
        var options = new StandaloneOptions { DataFolder = Path.GetFullPath(".pixel") };
        for (var rest = new Queue<string>(args.SelectMany(SplitAtEquals)); rest.TryDequeue(out var name);)
        {
            string Value() => rest.TryDequeue(out var value) && !value.StartsWith("--", StringComparison.Ordinal) ? value : throw new StartupException($"{name} needs a value.");
            options = name switch
            {
                "--data" => options with { DataFolder = Path.GetFullPath(Value()) },
                "--port" => options with { Port = PortFrom(name, Value()) },
                "--cloud-port" => options with { CloudPort = PortFrom(name, Value()) },
                "--worker-port" => options with { WorkerPort = PortFrom(name, Value()) },
                "--insights-port" => options with { InsightsPort = PortFrom(name, Value()) },
                "--until-input-ends" => options with { UntilInputEnds = true },
                "--command" => options with { Command = Value() },
                _ => throw new StartupException($"There is no option {name}; there are --data, --port, --cloud-port and --worker-port."),
            };
        }

        int[] fixedPorts = [.. new[] { options.Port, options.CloudPort, options.WorkerPort }.Where(port => port != 0)];
        return fixedPorts.Distinct().Count() == fixedPorts.Length
            ? options
            : throw new StartupException("--port, --cloud-port and --worker-port must differ from each other.");
    }

    private static IEnumerable<string> SplitAtEquals(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) ? argument.Split('=', 2) : [argument];

    private static int PortFrom(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65_535
            ? port
            : throw new StartupException($"{name} must be a port number from 0 to 65535, not {text}.");
}
