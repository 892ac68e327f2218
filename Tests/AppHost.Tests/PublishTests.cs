using AppHost.Clouds;

namespace AppHost.Tests;

/// <summary>Alone, because one of these changes a variable of the process.</summary>
[CollectionDefinition(nameof(ProcessEnvironment), DisableParallelization = true)]
public sealed class ProcessEnvironment;

[Collection(nameof(ProcessEnvironment))]
public sealed class PublishTests
{
    [Fact]
    public async Task What_is_published_is_the_two_services_and_nothing_of_this_machine()
    {
        await using var model = await PublishedAsync();

        Assert.Equal(["beacon", "catalog"], model.Names<ProjectResource>());
        Assert.Empty(model.Names<ContainerResource>());
        Assert.Empty(model.Names<CloudResource>());
        Assert.Empty(model.Names<ParameterResource>());
        Assert.Empty(Directory.EnumerateFileSystemEntries(model.DataFolder()));
    }

    [Theory]
    [InlineData("beacon")]
    [InlineData("catalog")]
    public async Task A_published_service_is_given_no_path_no_endpoint_and_no_key(string service)
    {
        await using var model = await PublishedAsync();
        var environment = await model.EnvironmentAsync(service);

        Assert.DoesNotContain(environment, variable => variable.Key.StartsWith("AWS__", StringComparison.Ordinal) || Path.IsPathRooted(variable.Value));
        Assert.Empty(model.Find<IResource>(service).Annotations.OfType<WaitAnnotation>());
    }

    [Fact]
    public async Task Publishing_asks_for_no_container_runtime()
    {
        // This choice is refused in a run where no runtime answers.
        var before = Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME");
        Environment.SetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME", "no-such-runtime");
        try
        {
            await using var model = await PublishedAsync("--Cloud=localstack");

            Assert.Equal(["beacon", "catalog"], model.Names<ProjectResource>());
        }
        finally
        {
            Environment.SetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME", before);
        }
    }

    private static Task<Models> PublishedAsync(params string[] args) => Models.CreateAsync(["--operation", "publish", "--step", "publish", .. args]);
}
