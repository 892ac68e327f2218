namespace Infrastructure.Lake;

/// <summary>
/// The lake's template as it is committed, so that every way of running deploys it without synthesizing: beside this
/// project's program, and in the source tree.
/// </summary>
public static class LakeTemplate
{
    /// <summary>The command that refreshes it; also what a failing test says.</summary>
    public const string RefreshCommand = "dotnet run --project Infrastructure -- template";

    private const string Name = "pixel-lake.template.json";

    /// <summary>The copy beside the running program.</summary>
    public static string DefaultPath => Path.Combine(AppContext.BaseDirectory, "Templates", Name);

    /// <summary>The file in the source tree, from wherever in the tree the program runs.</summary>
    /// <exception cref="FileNotFoundException">It does not run in the tree.</exception>
    internal static string CommittedPath()
    {
        foreach (var start in new[] { Directory.GetCurrentDirectory(), AppContext.BaseDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var project = Path.Combine(folder.FullName, "Infrastructure");
                if (File.Exists(Path.Combine(project, "Infrastructure.csproj")))
                {
                    return Path.Combine(Directory.CreateDirectory(Path.Combine(project, "Templates")).FullName, Name);
                }
            }
        }

        throw new FileNotFoundException($"Run {RefreshCommand} in the source tree: Infrastructure/Infrastructure.csproj is not above here.");
    }
}
