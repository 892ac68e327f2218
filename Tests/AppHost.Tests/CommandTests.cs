namespace AppHost.Tests;

public sealed class CommandTests
{
    [Theory]
    [InlineData("catalog", "load-partitions", "Load partitions now")]
    [InlineData("catalog", "views", "Create the views now")]
    [InlineData("catalog", "compaction", "Compact now")]
    [InlineData("beacon", "demo", "Send demo traffic")]
    [InlineData("beacon", "flush", "Flush into the lake")]
    [InlineData("beacon", "kill", "Kill and restart")]
    [InlineData("cloud", "flush", "Flush into the lake")]
    [InlineData("cloud", "empty", "Empty the lake")]
    public async Task The_dashboard_offers(string resource, string command, string displayName)
    {
        await using var model = await Models.EmbeddedAsync();

        Assert.Equal(displayName, model.Command(resource, command).DisplayName);
    }

    [Fact]
    public async Task Emptying_the_lake_asks_first_and_is_not_offered_on_AWS()
    {
        await using var embedded = await Models.EmbeddedAsync();
        await using var aws = await Models.OnAwsAsync();

        Assert.Contains("for good", embedded.Command("cloud", "empty").ConfirmationMessage, StringComparison.Ordinal);
        Assert.Empty(aws.Find<IResource>("cloud").Annotations.OfType<ResourceCommandAnnotation>());
    }
}
