using AppHost.Clouds;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppHost.Tests;

/// <summary>The application's model, made but not started, with a data folder of its own.</summary>
internal sealed class Models : IAsyncDisposable
{
    private readonly string _folder;

    private Models(IDistributedApplicationTestingBuilder builder, string folder)
    {
        Builder = builder;
        _folder = folder;
    }

    public IDistributedApplicationTestingBuilder Builder { get; }

    public static async Task<Models> EmbeddedAsync(params string[] args) => await CreateAsync(["--Cloud=embedded", .. args]);

    public static async Task<Models> OnAwsAsync(params string[] args) => await CreateAsync(["--Cloud=aws", .. args]);

    /// <summary>Skips the test where no container runtime answers: the model itself is refused there.</summary>
    public static async Task<Models> OnLocalStackAsync(params string[] args)
    {
        Assert.SkipWhen(ContainerRuntime.Find() is null, "No container runtime answers.");
        return await CreateAsync(["--Cloud=localstack", .. args]);
    }

    public static async Task<Models> CreateAsync(params string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("pixel-apphost-").FullName;
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [$"--DataFolder={folder}", .. args], TestContext.Current.CancellationToken);
        return new(builder, folder);
    }

    public T Find<T>(string name)
        where T : IResource => Assert.IsAssignableFrom<T>(Builder.Resources.Single(resource => resource.Name == name));

    public IEnumerable<string> Names<T>() =>
        Builder.Resources.OfType<T>().Cast<IResource>().Select(resource => resource.Name).Order(StringComparer.Ordinal);

    /// <summary>The variables that a project starts with; those that are known only in a run stand as their expressions.</summary>
    public async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync(string resource)
    {
        var configuration = await ExecutionConfigurationBuilder.Create(Find<IResourceWithEnvironment>(resource))
            .WithEnvironmentVariablesConfig()
            .BuildAsync(new(DistributedApplicationOperation.Publish), NullLogger.Instance, TestContext.Current.CancellationToken);
        return configuration.EnvironmentVariables.ToDictionary();
    }

    public ResourceCommandAnnotation Command(string resource, string command) =>
        Assert.Single(Find<IResource>(resource).Annotations.OfType<ResourceCommandAnnotation>(), found => found.Name == command);

    public string DataFolder(params string[] path) => Path.Combine([_folder, .. path]);

    public async ValueTask DisposeAsync()
    {
        await Builder.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
