using System.CommandLine;
using Infrastructure.Functions;

namespace Infrastructure;

/// <summary><c>synth</c>: the stacks as templates in a folder.</summary>
internal static class SynthCommand
{
    public static Command Create()
    {
        var output = new Option<DirectoryInfo>("--output") { Description = "Where the CloudFormation templates go", Required = true };
        var synth = new Command("synth", "Synthesizes the stacks into a folder") { output };
        var edge = new EdgeArguments(synth, ProcessorArchitecture.Arm64);
        synth.SetAction(parsed => Commands.Synth(parsed.GetRequiredValue(output), edge.Of(parsed)));
        return synth;
    }
}
