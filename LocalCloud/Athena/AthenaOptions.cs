using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace LocalCloud.Athena;

/// <summary>How queries are run: section <c>LocalCloud:Athena</c>.</summary>
public sealed class AthenaOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "LocalCloud:Athena";

    /// <summary>How many queries run at once; the others wait.</summary>
    public int ConcurrentQueries { get; set; } = 4;

    /// <summary>How many threads a query uses; all processors, but at most four, when 0.</summary>
    public int Threads { get; set; }

    /// <summary>The most memory a query takes, with a unit (<c>1GB</c>); it goes to disk with the rest.</summary>
    public string MemoryLimit { get; set; } = "1GB";
}

/// <summary>Checks the settings at the start; by hand, because a generated check does not name the section.</summary>
internal sealed partial class AthenaOptionsValidator : IValidateOptions<AthenaOptions>
{
    public ValidateOptionsResult Validate(string? name, AthenaOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (options.ConcurrentQueries is < 1 or > 64)
        {
            problems.AddError("LocalCloud:Athena:ConcurrentQueries must be from 1 to 64.");
        }

        if (options.Threads is < 0 or > 64)
        {
            problems.AddError("LocalCloud:Athena:Threads must be from 0 (as many as there are processors) to 64.");
        }

        if (!Size().IsMatch(options.MemoryLimit))
        {
            problems.AddError("LocalCloud:Athena:MemoryLimit must be a size such as 1GB.");
        }

        return problems.Build();
    }

    [GeneratedRegex(@"\A[0-9]+ ?(MB|GB|MiB|GiB)\z")]
    private static partial Regex Size();
}
