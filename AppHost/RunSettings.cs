namespace AppHost;

/// <summary>What belongs to a run on this machine, and never into what is published.</summary>
internal static class RunSettings
{
    /// <summary>Sets an environment variable in a run only.</summary>
    public static IResourceBuilder<ProjectResource> WithRunSetting(
        this IResourceBuilder<ProjectResource> project, string name, string value) =>
        project.ApplicationBuilder.ExecutionContext.IsRunMode ? project.WithEnvironment(name, value) : project;

    /// <summary>
    /// A folder for what a resource keeps between runs, below the one that the setting <c>DataFolder</c> names, else below
    /// the repository's <c>.pixel</c>.
    /// </summary>
    public static string DataFolder(this IDistributedApplicationBuilder builder, string name) =>
        Path.GetFullPath(builder.Configuration["DataFolder"] is { Length: > 0 } folder
            ? Path.Combine(folder, name)
            : Path.Combine(builder.AppHostDirectory, "..", ".pixel", "aspire", name));

    /// <summary>Shows in the dashboard a link to one of the addresses below a project's endpoint <c>http</c>.</summary>
    /// <param name="project">The project.</param>
    /// <param name="path">From the first slash; it may have a query.</param>
    /// <param name="text">What the link is called.</param>
    public static IResourceBuilder<T> WithLink<T>(this IResourceBuilder<T> project, string path, string text)
        where T : IResourceWithEndpoints =>
        project.WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = path, DisplayText = text });
}
