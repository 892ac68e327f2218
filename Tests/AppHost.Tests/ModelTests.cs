using AppHost.LocalStack;
using Aspire.Hosting.AWS.CloudFormation;

namespace AppHost.Tests;

public sealed class ModelTests
{
    [Fact]
    public async Task The_embedded_model_has_the_three_programs_and_no_container()
    {
        await using var builder = await DistributedApplicationTestingBuilder
            .CreateAsync<Projects.AppHost>(["--Cloud=embedded"], Token);

        Assert.Empty(builder.Resources.OfType<ContainerResource>());
        Assert.Equal(["beacon", "catalog", "localcloud"], Projects(builder));
    }

    [Fact]
    public async Task The_LocalStack_model_deploys_the_lake_after_LocalStack_is_healthy()
    {
        await using var builder = await DistributedApplicationTestingBuilder
            .CreateAsync<Projects.AppHost>(["--Cloud=localstack"], Token);

        var localStack = Assert.Single(builder.Resources.OfType<LocalStackResource>());
        var lake = Assert.Single(builder.Resources.OfType<ICloudFormationTemplateResource>());

        Assert.Equal("4.14.0", Assert.Single(localStack.Annotations.OfType<ContainerImageAnnotation>()).Tag);
        Assert.Contains(lake.Annotations.OfType<WaitAnnotation>(), wait => wait.Resource == localStack);
        Assert.Equal(["beacon", "catalog", "localcloud"], Projects(builder));
    }

    [Fact]
    public async Task The_AWS_model_has_no_local_cloud()
    {
        await using var builder = await DistributedApplicationTestingBuilder
            .CreateAsync<Projects.AppHost>(["--Cloud=aws"], Token);

        Assert.Single(builder.Resources.OfType<ICloudFormationTemplateResource>());
        Assert.Equal(["beacon", "catalog"], Projects(builder));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static IEnumerable<string> Projects(IDistributedApplicationTestingBuilder builder) =>
        builder.Resources.OfType<ProjectResource>().Select(project => project.Name).Order(StringComparer.Ordinal);
}
