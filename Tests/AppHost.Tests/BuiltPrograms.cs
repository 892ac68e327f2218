namespace AppHost.Tests;

/// <summary>What was built with these tests, in the same configuration.</summary>
internal static class BuiltPrograms
{
    /// <summary>The assembly of a project, to be started with <c>dotnet</c>.</summary>
    public static string Assembly(string project)
    {
        var bin = new DirectoryInfo(AppContext.BaseDirectory);
        while (bin.Name != "bin")
        {
            bin = bin.Parent!;
        }

        var checkout = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(new Projects.Cli().ProjectPath)!, ".."));
        return Path.Combine(checkout, project, "bin", Path.GetRelativePath(bin.FullName, AppContext.BaseDirectory), project + ".dll");
    }
}
