using Amazon.Athena.Model;
using Amazon.Glue.Model;

namespace StandIns.Tests;

public sealed class PaginatorTests : IAsyncLifetime
{
    private RecordingServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RecordingServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_paginator_goes_on_until_there_is_no_token()
    {
        _server.Answers("""{"Partitions":[{"Values":["2026","01"]}],"NextToken":"a"}""").Answers("""{"Partitions":[],"NextToken":"b"}""").Answers("""{"Partitions":[{"Values":["2026","02"]}]}""");
        using var glue = _server.Glue();
        var months = new List<string>();

        await foreach (var page in glue.Paginators.GetPartitions(new GetPartitionsRequest { DatabaseName = "pixel", TableName = "t" }).Responses)
        {
            months.AddRange(page.Partitions.Select(p => p.Values[1]));
        }

        Assert.Equal(["01", "02"], months);
        Assert.Equal([null, "a", "b"], _server.Requests.Select(r => r.Json.TryGetProperty("NextToken", out var token) ? token.GetString() : null));
    }

    [Fact]
    public async Task A_paginator_is_good_for_one_walk()
    {
        using var athena = _server.Athena();
        var pages = athena.Paginators.GetQueryResults(new GetQueryResultsRequest { QueryExecutionId = "q" }).Responses;
        await foreach (var _ in pages)
        {
        }

        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var _ in pages)
            {
            }
        });
    }
}
