#pragma warning disable ASPIREPIPELINES001 // the pipeline's API is still marked as experimental

using System.Diagnostics;
using AppHost.Clouds;
using Aspire.Hosting.Pipelines;

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

    [Fact]
    public async Task Publishing_deploying_and_destroying_are_the_repositorys_own_commands_and_nothing_of_Aspires()
    {
        // Building it runs it: this step is the one that does nothing but look at the others.
        await using var model = await Models.CreateAsync("--operation", "publish", "--step", "diagnostics");
        var found = new TaskCompletionSource<IReadOnlyList<PipelineStep>>();
        model.Builder.Pipeline.AddPipelineConfiguration(context =>
        {
            found.TrySetResult([.. context.Steps]);
            return Task.CompletedTask;
        });
        await using var app = await model.Builder.BuildAsync(TestContext.Current.CancellationToken);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var steps = await found.Task.WaitAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotContain(steps, step => step.Resource is not null);
        Assert.Equal(
            [("publish-aws", "publish"), ("deploy-aws", "deploy"), ("destroy-aws", "destroy")],
            steps.Where(step => step.Name.EndsWith("-aws", StringComparison.Ordinal)).Select(step => (step.Name, Assert.Single(step.RequiredBySteps))));
    }

    [Fact]
    public async Task A_step_that_fails_ends_the_app_host_with_one_sentence_and_exit_code_1()
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [BuiltPrograms.Assembly("AppHost"), "--operation", "publish", "--step", "publish", "--Publish:Wfa=true"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var logged = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await logged;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        Assert.Equal(
            "Pipeline execution failed: There is no setting Publish:Wfa: Publish takes Way, Architecture, LoadBalancer, Region, PackageBucket, Waf, CustomDomain and Parameters.",
            said.Trim());
    }

    private static Task<Models> PublishedAsync(params string[] args) => Models.CreateAsync(["--operation", "publish", "--step", "publish", .. args]);
}
