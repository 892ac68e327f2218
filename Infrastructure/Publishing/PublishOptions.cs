using System.Runtime.InteropServices;
using Infrastructure.Edge;
using Infrastructure.Functions;

namespace Infrastructure.Publishing;

/// <summary>What is to be published, and where to.</summary>
public sealed record PublishOptions
{
    /// <summary>The folder: new, empty, or written by an earlier publication, which is replaced.</summary>
    public required string Output { get; init; }

    /// <summary>The stacks.</summary>
    public EdgeOptions Edge { get; init; } = new() { Architecture = HostArchitecture };

    /// <summary>
    /// Values of the templates' parameters, as <c>Name=Value</c> for every stack that has such a parameter, or as
    /// <c>Stack.Name=Value</c> for one.
    /// </summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>The bucket that the packages are put into; null: one whose name says the account and the region.</summary>
    public string? PackageBucket { get; init; }

    /// <summary>The root of the checkout; null: the one that the program runs in.</summary>
    public string? Checkout { get; init; }

    /// <summary>What this machine compiles for without further ado.</summary>
    public static ProcessorArchitecture HostArchitecture =>
        RuntimeInformation.OSArchitecture is Architecture.Arm64 ? ProcessorArchitecture.Arm64 : ProcessorArchitecture.X86;
}
