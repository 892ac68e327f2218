using AppHost.Clouds;
using AppHost.LocalStack;
using Aspire.Hosting.AWS.CloudFormation;

namespace AppHost.Tests;

public sealed class ModelTests
{
    [Fact]
    public async Task The_embedded_model_has_the_three_programs_two_tools_and_no_container()
    {
        await using var model = await Models.EmbeddedAsync();

        Assert.Empty(model.Names<ContainerResource>());
        Assert.Equal(["beacon", "catalog", "demo", "flush", "localcloud"], model.Names<ProjectResource>());
    }

    [Fact]
    public async Task The_LocalStack_model_deploys_the_lake_after_LocalStack_is_healthy()
    {
        await using var model = await Models.OnLocalStackAsync();
        var localStack = Assert.Single(model.Builder.Resources.OfType<LocalStackResource>());
        var lake = Assert.Single(model.Builder.Resources.OfType<ICloudFormationTemplateResource>());

        Assert.Equal("4.14.0", Assert.Single(localStack.Annotations.OfType<ContainerImageAnnotation>()).Tag);
        Assert.Contains(lake.Annotations.OfType<WaitAnnotation>(), wait => wait.Resource == localStack);
        Assert.Equal(["beacon", "catalog", "demo", "flush", "localcloud"], model.Names<ProjectResource>());
    }

    [Fact]
    public async Task LocalStack_keeps_its_folder_in_a_volume_only_when_told_to()
    {
        await using var without = await Models.OnLocalStackAsync();
        await using var with = await Models.OnLocalStackAsync("--LocalStack:DataVolume=true");

        Assert.Empty(without.Find<LocalStackResource>("localstack").Annotations.OfType<ContainerMountAnnotation>());
        var volume = Assert.Single(with.Find<LocalStackResource>("localstack").Annotations.OfType<ContainerMountAnnotation>());
        Assert.Equal("/var/lib/localstack", volume.Target);
        Assert.Equal("1", (await with.EnvironmentAsync("localstack"))["PERSISTENCE"]);
    }

    [Fact]
    public async Task The_token_of_LocalStack_is_a_secret_parameter()
    {
        await using var model = await Models.OnLocalStackAsync("--LOCALSTACK_AUTH_TOKEN=ls-secret");

        Assert.True(model.Find<ParameterResource>("localstack-auth-token").Secret);
        Assert.Equal("{localstack-auth-token.value}", (await model.EnvironmentAsync("localstack"))["LOCALSTACK_AUTH_TOKEN"]);
    }

    [Fact]
    public async Task The_AWS_model_has_the_lake_and_no_local_cloud()
    {
        await using var model = await Models.OnAwsAsync();

        Assert.Single(model.Builder.Resources.OfType<ICloudFormationTemplateResource>());
        Assert.Equal(["beacon", "catalog", "demo"], model.Names<ProjectResource>());
    }

    [Theory]
    [InlineData("embedded", CloudKind.Embedded)]
    [InlineData("aws", CloudKind.Aws)]
    public async Task The_dashboard_shows_which_cloud_it_is_and_why(string setting, CloudKind kind)
    {
        await using var model = await Models.CreateAsync($"--Cloud={setting}");
        var shown = Assert.Single(model.Find<CloudResource>("cloud").Annotations.OfType<ResourceSnapshotAnnotation>()).InitialSnapshot;

        Assert.Contains(shown.Properties, property => property is { Name: "Cloud", Value: var cloud } && Equals(cloud, kind.ToString()));
        Assert.Contains(shown.Properties, property => property is { Name: "Reason", Value: var reason } && Equals(reason, $"Cloud is set to {setting}."));
    }

    [Theory]
    [InlineData("beacon")]
    [InlineData("catalog")]
    [InlineData("localcloud")]
    public async Task Every_program_has_one_endpoint_a_health_check_and_links(string program)
    {
        await using var model = await Models.EmbeddedAsync();
        var resource = model.Find<ProjectResource>(program);

        Assert.Equal("http", Assert.Single(resource.Annotations.OfType<EndpointAnnotation>()).Name);
        Assert.Single(resource.Annotations.OfType<HealthCheckAnnotation>());
        Assert.NotEmpty(resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>());
    }

    [Fact]
    public async Task Tools_start_only_when_somebody_asks()
    {
        await using var model = await Models.EmbeddedAsync();

        Assert.All(["demo", "flush"], tool => Assert.Single(model.Find<ProjectResource>(tool).Annotations.OfType<ExplicitStartupAnnotation>()));
    }
}
