using Amazon.Athena.Model;
using LocalCloud.Athena;
using ResultConfiguration = Amazon.Athena.Model.ResultConfiguration;
using WorkGroupConfiguration = Amazon.Athena.Model.WorkGroupConfiguration;

namespace LocalCloud.Tests.Athena;

/// <summary>Workgroups, the life of executions, and what survives a restart.</summary>
public sealed class WorkGroupTests : IAsyncLifetime
{
    private AthenaBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await AthenaBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private Task CreateAsync(string name, WorkGroupConfiguration configuration) =>
        _bench.Athena.CreateWorkGroupAsync(new CreateWorkGroupRequest { Name = name, Configuration = configuration, Description = "for a test" });

    [Fact]
    public async Task A_workgroup_is_created_changed_listed_and_deleted()
    {
        await CreateAsync("pixel", new WorkGroupConfiguration { ResultConfiguration = new ResultConfiguration { OutputLocation = "s3://lake/results/" }, BytesScannedCutoffPerQuery = 10_000_000 });
        var created = (await _bench.Athena.GetWorkGroupAsync(new GetWorkGroupRequest { WorkGroup = "pixel" })).WorkGroup;
        Assert.Equal("ENABLED", created.State.Value);
        Assert.True(created.Configuration.EnforceWorkGroupConfiguration);
        Assert.Equal("Athena engine version 3", created.Configuration.EngineVersion.EffectiveEngineVersion);

        await _bench.Athena.UpdateWorkGroupAsync(new UpdateWorkGroupRequest
        {
            WorkGroup = "pixel",
            ConfigurationUpdates = new WorkGroupConfigurationUpdates { RemoveBytesScannedCutoffPerQuery = true, EnforceWorkGroupConfiguration = false },
        });
        var changed = (await _bench.Athena.GetWorkGroupAsync(new GetWorkGroupRequest { WorkGroup = "pixel" })).WorkGroup;
        Assert.Null(changed.Configuration.BytesScannedCutoffPerQuery);
        Assert.Equal("s3://lake/results/", changed.Configuration.ResultConfiguration.OutputLocation);
        Assert.Equal("for a test", changed.Description);

        Assert.Equal(["pixel", "primary"], (await _bench.Athena.ListWorkGroupsAsync(new ListWorkGroupsRequest())).WorkGroups.Select(g => g.Name));
        await _bench.RunAsync("SELECT 1", workGroup: "pixel");
        var full = await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.Athena.DeleteWorkGroupAsync(new DeleteWorkGroupRequest { WorkGroup = "pixel" }));
        Assert.Equal("WorkGroup pixel is not empty", full.Message);
        await _bench.Athena.DeleteWorkGroupAsync(new DeleteWorkGroupRequest { WorkGroup = "pixel", RecursiveDeleteOption = true });
        var gone = await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.Athena.GetWorkGroupAsync(new GetWorkGroupRequest { WorkGroup = "pixel" }));
        Assert.Equal("WorkGroup pixel is not found.", gone.Message);
    }

    [Fact]
    public async Task A_workgroup_that_enforces_its_settings_overrules_the_query()
    {
        await CreateAsync("strict", new WorkGroupConfiguration { ResultConfiguration = new ResultConfiguration { OutputLocation = "s3://lake/strict" }, EnforceWorkGroupConfiguration = true });
        var execution = await _bench.RunAsync("SELECT 1", workGroup: "strict");
        Assert.Equal($"s3://lake/strict/{execution.QueryExecutionId}.csv", execution.ResultConfiguration.OutputLocation);
    }

    [Fact]
    public async Task A_query_without_any_output_location_or_with_a_missing_bucket_is_refused()
    {
        var none = await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.Athena.StartQueryExecutionAsync(new StartQueryExecutionRequest { QueryString = "SELECT 1" }));
        Assert.StartsWith("No output location provided.", none.Message);
        var missing = await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.Athena.StartQueryExecutionAsync(
            new StartQueryExecutionRequest { QueryString = "SELECT 1", ResultConfiguration = new ResultConfiguration { OutputLocation = "s3://nowhere/x/" } }));
        Assert.Equal("Unable to verify/create output bucket nowhere", missing.Message);
    }

    [Fact]
    public async Task A_query_that_would_read_more_than_the_workgroup_allows_is_cancelled()
    {
        await CreateAsync("small", new WorkGroupConfiguration { ResultConfiguration = new ResultConfiguration { OutputLocation = "s3://lake/results/" }, BytesScannedCutoffPerQuery = 10_000_000 });
        _bench.CreateTable("big", "x string", keys: "");
        await _bench.PutParquetAsync("big/a", "SELECT CAST(uuid() AS VARCHAR) AS x FROM range(700000)");
        var execution = await _bench.RunAsync("SELECT count(DISTINCT x) FROM big", workGroup: "small");
        Assert.Equal("CANCELLED", execution.Status.State.Value);
        Assert.Equal("Bytes scanned limit was exceeded", execution.Status.StateChangeReason);
        Assert.Equal("SUCCEEDED", (await _bench.RunAsync("SELECT count(*) FROM big", workGroup: "small")).Status.State.Value);
    }

    [Fact]
    public async Task The_same_token_starts_one_query()
    {
        var request = new StartQueryExecutionRequest
        {
            QueryString = "SELECT 1",
            ClientRequestToken = new string('t', 32),
            ResultConfiguration = new ResultConfiguration { OutputLocation = "s3://lake/results/" },
        };
        var first = await _bench.Athena.StartQueryExecutionAsync(request);
        var second = await _bench.Athena.StartQueryExecutionAsync(request);
        Assert.Equal(first.QueryExecutionId, second.QueryExecutionId);
        request.QueryString = "SELECT 2";
        await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.Athena.StartQueryExecutionAsync(request));
    }

    [Fact]
    public async Task A_running_query_is_stopped()
    {
        var started = await _bench.Athena.StartQueryExecutionAsync(new StartQueryExecutionRequest
        {
            QueryString = "SELECT sum(a.x * b.x) FROM UNNEST(sequence(1, 1000000)) AS a (x) CROSS JOIN UNNEST(sequence(1, 1000000)) AS b (x)",
            ResultConfiguration = new ResultConfiguration { OutputLocation = "s3://lake/results/" },
        });
        while ((await _bench.Athena.GetQueryExecutionAsync(new GetQueryExecutionRequest { QueryExecutionId = started.QueryExecutionId })).QueryExecution.Status.State.Value == "QUEUED")
        {
            await Task.Yield();
        }

        var early = await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.Athena.GetQueryResultsAsync(new GetQueryResultsRequest { QueryExecutionId = started.QueryExecutionId }));
        Assert.Equal("Query has not yet finished. Current state: RUNNING", early.Message);
        await _bench.Athena.StopQueryExecutionAsync(new StopQueryExecutionRequest { QueryExecutionId = started.QueryExecutionId });
        var execution = await _bench.EndAsync(started.QueryExecutionId);
        Assert.Equal("CANCELLED", execution.Status.State.Value);
        var none = await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.ResultAsync(execution));
        Assert.Equal("Query did not finish successfully. Final query state: CANCELLED", none.Message);
    }

    [Fact]
    public async Task Executions_and_their_results_survive_a_restart()
    {
        var execution = await _bench.RunAsync("SELECT 'kept' AS word");
        await _bench.RestartAsync();
        var again = (await _bench.Athena.GetQueryExecutionAsync(new GetQueryExecutionRequest { QueryExecutionId = execution.QueryExecutionId })).QueryExecution;
        Assert.Equal("SUCCEEDED", again.Status.State.Value);
        Assert.Equal(execution.Status.CompletionDateTime, again.Status.CompletionDateTime);
        Assert.Equal(["word", "kept"], await _bench.ResultAsync(again));
    }

    [Fact]
    public async Task A_query_that_was_running_when_the_process_died_is_failed()
    {
        await _bench.Server.StopAsync();
        using (var database = new AthenaDatabase(Path.Combine(_bench.Server.Folder, "athena", "athena.db")))
        {
            // What a kill leaves: the row of a query that never ended, and its links.
            database.Add(new LocalCloud.Athena.QueryExecution { QueryExecutionId = "killed", Query = "SELECT 1", Status = new LocalCloud.Athena.QueryExecutionStatus { State = "QUEUED" } }, null);
            Directory.CreateDirectory(Path.Combine(_bench.Server.Folder, "athena", "scan", "killed", "t0"));
        }

        await _bench.RestartAsync();
        var execution = (await _bench.Athena.GetQueryExecutionAsync(new GetQueryExecutionRequest { QueryExecutionId = "killed" })).QueryExecution;
        Assert.Equal("FAILED", execution.Status.State.Value);
        Assert.Equal("The query was running when LocalCloud stopped", execution.Status.StateChangeReason);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_bench.Server.Folder, "athena", "scan")));
    }

    [Fact]
    public async Task Many_queries_at_once_wait_for_their_turn_and_all_succeed()
    {
        _bench.CreateTable("t", "a int", keys: "");
        await _bench.PutParquetAsync("t/a", "SELECT i::INTEGER AS a FROM range(10) t(i)");
        var executions = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => _bench.RunAsync($"SELECT count(*) + {i} FROM t")));
        Assert.All(executions, e => Assert.Equal("SUCCEEDED", e.Status.State.Value));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_bench.Server.Folder, "athena", "scan")));
    }

    [Fact]
    public async Task Executions_are_listed_newest_first_in_pages_and_fetched_in_batches()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Insert(0, (await _bench.RunAsync($"SELECT {i}")).QueryExecutionId);
        }

        var first = await _bench.Athena.ListQueryExecutionsAsync(new ListQueryExecutionsRequest { MaxResults = 3 });
        var second = await _bench.Athena.ListQueryExecutionsAsync(new ListQueryExecutionsRequest { MaxResults = 3, NextToken = first.NextToken });
        Assert.Equal(ids, [.. first.QueryExecutionIds, .. second.QueryExecutionIds]);
        Assert.Null(second.NextToken);
        var batch = await _bench.Athena.BatchGetQueryExecutionAsync(new BatchGetQueryExecutionRequest { QueryExecutionIds = [ids[0], "unknown"] });
        Assert.Equal("SELECT 4", Assert.Single(batch.QueryExecutions).Query);
        Assert.Equal("unknown", Assert.Single(batch.UnprocessedQueryExecutionIds).QueryExecutionId);
    }
}
