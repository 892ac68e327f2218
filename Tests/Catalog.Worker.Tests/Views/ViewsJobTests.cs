using Amazon.Glue.Model;
using Catalog.Worker.Views;
using Column = Amazon.Glue.Model.Column;

namespace Catalog.Worker.Tests.Views;

public sealed class ViewsJobTests : IAsyncLifetime
{
    private static readonly int Views = ViewFiles.Load().All.Count;

    private Lake _lake = null!;

    public async ValueTask InitializeAsync() => _lake = await Lake.StartAsync();

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task Views_are_made_once()
    {
        var first = await _lake.RunAsync("views");
        var second = await _lake.RunAsync("views");

        Assert.Equal((Views, 0, 0, 0), (first["created"], first["replaced"], first["unchanged"], first["dropped"]));
        Assert.Equal((0, 0, Views, 0), (second["created"], second["replaced"], second["unchanged"], second["dropped"]));
        Assert.Equal(1, second["awsCalls"]);
        var view = await TableAsync("events");
        Assert.Equal("VIRTUAL_VIEW", view.TableType);
        Assert.StartsWith("A row is one event.", view.Description, StringComparison.Ordinal);
        Assert.True(view.Parameters.ContainsKey("pixel.view.hash"));
    }

    [Theory]
    [InlineData("campaign")]
    [InlineData("occurrence")]
    public async Task A_field_that_is_added_to_the_table_appears_in_the_view(string name)
    {
        await PutEventsAsync($$"""{"event_id":"a","received_at":"2026-03-15T09:00:00.000Z","event_name":"pageview","{{name}}":"spring"}""");
        await _lake.RunAsync("views");
        await _lake.Glue.UpdateTableAsync(new UpdateTableRequest
        {
            DatabaseName = Lake.Database,
            TableInput = Lake.Input("string", new Column { Name = name, Type = "string" }),
        });

        var counts = await _lake.RunAsync("views");

        Assert.Equal((Views, 0), (counts["replaced"], counts["unchanged"]));
        Assert.Equal(["a"], await QueryAsync("SELECT event_id FROM events"));
        Assert.Contains(name, (await TableAsync("events")).StorageDescriptor.Columns.Select(c => c.Name));
    }

    [Fact]
    public async Task A_view_of_ours_without_a_file_is_dropped_and_everybody_elses_is_kept()
    {
        await QueryAsync("CREATE OR REPLACE VIEW old_one AS SELECT user_id FROM tp_events");
        await QueryAsync("CREATE OR REPLACE VIEW somebodys AS SELECT user_id FROM tp_events");
        var old = await TableAsync("old_one");
        await _lake.Glue.UpdateTableAsync(new UpdateTableRequest
        {
            DatabaseName = Lake.Database,
            TableInput = new TableInput
            {
                Name = old.Name, TableType = old.TableType, ViewOriginalText = old.ViewOriginalText, ViewExpandedText = old.ViewExpandedText,
                StorageDescriptor = old.StorageDescriptor, Parameters = new(old.Parameters ?? []) { [ViewCatalog.HashParameter] = "0" },
            },
        });

        var counts = await _lake.RunAsync("views");

        Assert.Equal(1, counts["dropped"]);
        var names = (await _lake.Glue.GetTablesAsync(new GetTablesRequest { DatabaseName = Lake.Database })).TableList.Select(t => t.Name);
        Assert.Equal(ViewFiles.Load().All.Select(v => v.Name).Concat(["somebodys", "tp_events"]).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_dry_run_says_what_it_would_make_and_makes_nothing()
    {
        var counts = await _lake.RunAsync("views", dryRun: true);

        Assert.Equal((Views, 0), (counts["created"], counts["dropped"]));
        Assert.Equal(["tp_events"], (await _lake.Glue.GetTablesAsync(new GetTablesRequest { DatabaseName = Lake.Database })).TableList.Select(t => t.Name));
    }

    [Fact]
    public async Task A_view_that_lost_its_mark_is_made_again()
    {
        await QueryAsync("CREATE OR REPLACE VIEW events AS SELECT user_id FROM tp_events");

        var counts = await _lake.RunAsync("views");

        Assert.Equal((Views - 1, 1), (counts["created"], counts["replaced"]));
        Assert.Contains("event_id", (await TableAsync("events")).StorageDescriptor.Columns.Select(c => c.Name));
    }

    [Fact]
    public async Task A_table_with_a_views_name_is_not_touched()
    {
        await _lake.Glue.CreateTableAsync(new CreateTableRequest { DatabaseName = Lake.Database, TableInput = new TableInput { Name = "third_parties", TableType = "EXTERNAL_TABLE" } });

        var (status, error) = await _lake.Worker.FailAsync("views");

        Assert.Equal((502, "pixel.third_parties is a table, so the view of that name cannot be made: rename one of them."), (status, error));
        Assert.Equal("EXTERNAL_TABLE", (await TableAsync("third_parties")).TableType);
    }

    [Fact]
    public async Task A_missing_table_is_a_sentence_that_names_the_setting()
    {
        await _lake.Glue.DeleteTableAsync(new DeleteTableRequest { DatabaseName = Lake.Database, Name = Lake.Table });

        var (status, error) = await _lake.Worker.FailAsync("views");

        Assert.Equal(502, status);
        Assert.StartsWith("The Glue table pixel.tp_events does not exist", error, StringComparison.Ordinal);
    }

    private async Task PutEventsAsync(params string[] lines)
    {
        await _lake.PutAsync("year=2026/month=03/day=15/hour=09/", string.Join('\n', lines) + "\n");
        await _lake.RunAsync("load-partitions");
    }

    private async Task<Table> TableAsync(string name)
        => (await _lake.Glue.GetTableAsync(new GetTableRequest { DatabaseName = Lake.Database, Name = name })).Table;

    private Task<IReadOnlyList<string>> QueryAsync(string sql) => _lake.Athena.QueryAsync(sql);
}
