using Pixel.Events.Lake;
using Infrastructure.Lake;

namespace Infrastructure.Tests.Lake;

/// <summary>What needs Node.js: CDK itself.</summary>
public sealed class SynthesisTests
{
    private const string NoNode = "Synthesizing needs Node.js, which is not on the path.";

    [Fact]
    public void Synthesizing_gives_exactly_the_committed_template()
    {
        Assert.SkipUnless(NodeRuntime.IsThere(), NoNode);

        Assert.True(
            Synthesize() == CommittedTemplate.Text,
            $"The committed template is stale. Refresh it with: {LakeTemplate.RefreshCommand}");
    }

    [Fact]
    public void Synthesizing_twice_gives_the_same_text()
    {
        Assert.SkipUnless(NodeRuntime.IsThere(), NoNode);

        Assert.Equal(Synthesize(), Synthesize());
    }

    private static string Synthesize()
    {
        using var folder = new TemporaryFolder();
        return LakeTemplateText.Format(File.ReadAllText(Synthesis.Lake(CommittedTemplate.Schema, folder.Path)));
    }
}
