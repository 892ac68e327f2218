using System.CommandLine;

namespace Cli.Bench;

/// <summary>Options that several benchmarks take.</summary>
internal static class BenchOptions
{
    public static Option<int> Positive(string name, string description, int otherwise)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() <= 0)
            {
                result.AddError($"{name} must be more than zero.");
            }
        });
        return option;
    }

    public static Option<string?> Beacon() => new("--beacon") { Description = "Another build of the beacon: its program or .dll" };

    public static Option<string> Sync()
    {
        var option = new Option<string>("--sync") { Description = "Journal:Sync: process, batch or always", DefaultValueFactory = _ => "process" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is var given && given is not ("process" or "batch" or "always"))
            {
                result.AddError($"--sync takes process, batch or always, not {given}.");
            }
        });
        return option;
    }

    public static Option<string?> Keep() => new("--keep") { Description = "A folder for journals, logs and configurations, which is left as it is at the end" };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON: times in milliseconds, sizes in bytes" };
}
