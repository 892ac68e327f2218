namespace Infrastructure.Publishing;

/// <summary>What <c>docker build</c> makes the beacon's image of. It compiles nothing: the program is there already.</summary>
internal static class ContainerImage
{
    /// <summary>
    /// Certificates, the libraries that the program asks for, and the user 1654, whom the journal's volume belongs to; no
    /// shell and no package manager.
    /// </summary>
    private const string Base = "mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled";

    /// <summary>Writes the folder.</summary>
    public static void Write(string folder, IReadOnlyList<PackageFile> files)
    {
        foreach (var file in files)
        {
            var target = Path.Combine(folder, "app", file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file.Path, target);
        }

        File.WriteAllText(Path.Combine(folder, "Dockerfile"), $"""
            # The beacon for Fargate. The task says the rest: user, settings, and the volume of the journal.
            FROM {Base}
            WORKDIR /app
            COPY app/ ./
            EXPOSE 8080
            ENTRYPOINT ["/app/{ProgramBuild.Bootstrap}"]

            """);
    }
}
