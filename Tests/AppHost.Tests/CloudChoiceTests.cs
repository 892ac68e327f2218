using AppHost.Clouds;
using Microsoft.Extensions.Configuration;

namespace AppHost.Tests;

public sealed class CloudChoiceTests
{
    [Theory]
    [InlineData("embedded", CloudKind.Embedded)]
    [InlineData("AWS", CloudKind.Aws)]
    public void The_setting_decides_and_no_runtime_is_looked_for(string setting, CloudKind expected)
    {
        Assert.Equal(expected, CloudChoice.From(With(setting), () => throw new InvalidOperationException()).Kind);
    }

    [Fact]
    public void LocalStack_that_is_asked_for_needs_a_container_runtime_and_says_so()
    {
        var error = Assert.Throws<DistributedApplicationException>(() => CloudChoice.From(With("localstack"), () => null));

        Assert.Equal("Cloud is set to localstack, but no container runtime answers: start Docker or Podman, or set Cloud to embedded.", error.Message);
        Assert.Equal(CloudKind.LocalStack, CloudChoice.From(With("localstack"), () => "docker").Kind);
    }

    [Fact]
    public void Without_a_setting_a_container_runtime_that_answers_brings_LocalStack()
    {
        var choice = CloudChoice.From(With(null), () => "podman");

        Assert.Equal(CloudKind.LocalStack, choice.Kind);
        Assert.Contains("podman", choice.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_setting_and_without_a_runtime_the_cloud_is_embedded()
    {
        Assert.Equal(CloudKind.Embedded, CloudChoice.From(With(null), () => null).Kind);
    }

    [Theory]
    [InlineData("azure")]
    [InlineData("7")]
    public void An_unknown_cloud_stops_the_start_and_names_the_setting(string setting)
    {
        var error = Assert.Throws<DistributedApplicationException>(() => CloudChoice.From(With(setting), () => null));

        Assert.Contains("setting Cloud", error.Message, StringComparison.Ordinal);
        Assert.Contains(setting, error.Message, StringComparison.Ordinal);
    }

    private static IConfiguration With(string? cloud) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { ["Cloud"] = cloud })
        .Build();
}
