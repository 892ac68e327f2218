using Amazon.Glue.Model;
using Catalog.Worker.Views;

namespace Catalog.Worker.Tests.Views;

public sealed class ViewFileTests
{
    [Fact]
    public void Every_view_of_the_program_says_what_a_row_is_and_comes_after_those_it_reads()
    {
        var views = ViewFiles.Load().All;

        Assert.Equal(16, views.Count);
        Assert.All(views, (view, at) => Assert.All(views.Where(other => view.Reads(other.Name)), other => Assert.True(views.ToList().IndexOf(other) < at)));
        Assert.All(views, v => Assert.True(v.Description.Length <= 2048, v.Name));
        Assert.All(views, v => Assert.StartsWith("A row is ", v.Description, StringComparison.Ordinal));
        Assert.All(views, v => Assert.StartsWith("SELECT", v.Sql, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_without_a_header_or_with_a_name_that_needs_quotes_is_refused()
    {
        Assert.Throws<FormatException>(() => ViewFile.Parse("visits", "SELECT 1"));
        Assert.Throws<FormatException>(() => ViewFile.Parse("My-View", "-- A row is one.\nSELECT 1"));
    }

    [Fact]
    public void Views_are_ordered_by_what_they_read_and_a_circle_is_refused()
    {
        var a = ViewFile.Parse("a", "-- A row.\nSELECT * FROM b JOIN\n  \"c\" ON true");
        var b = ViewFile.Parse("b", "-- A row.\nSELECT * FROM (SELECT * from c)");
        var c = ViewFile.Parse("c", "-- A row.\nSELECT * FROM ${table}");

        Assert.Equal(["c", "b", "a"], new ViewFiles([a, b, c]).All.Select(v => v.Name));
        var error = Assert.Throws<FormatException>(() => new ViewFiles([b, ViewFile.Parse("c", "-- A row.\nSELECT * FROM b")]));
        Assert.Equal("The views b, c read each other in a circle.", error.Message);
    }

    [Fact]
    public void The_hash_follows_the_sql_and_every_column_of_the_events_table()
    {
        var view = ViewFile.Parse("v", "-- A row.\nSELECT user_id FROM ${table}");

        var hashes = new[]
        {
            ViewStatement.Of(view, Table("user_id string")).Hash,
            ViewStatement.Of(view, Table("user_id string", "more string")).Hash,
            ViewStatement.Of(view, Table("user_id bigint")).Hash,
            ViewStatement.Of(ViewFile.Parse("v", "-- A row.\nSELECT user_id, 1 AS one FROM ${table}"), Table("user_id string")).Hash,
            ViewStatement.Of(ViewFile.Parse("v", "-- A row is one user.\nSELECT user_id FROM ${table}"), Table("user_id string")).Hash,
        };

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.Equal(hashes[0], ViewStatement.Of(view, Table("user_id string")).Hash);
    }

    [Fact]
    public void A_view_is_made_again_when_one_that_it_reads_has_changed()
    {
        var reader = ViewFile.Parse("reader", "-- A row.\nSELECT user_id FROM source");
        var stranger = ViewFile.Parse("stranger", "-- A row.\nSELECT user_id FROM ${table}");

        var before = ViewStatement.OfAll([ViewFile.Parse("source", "-- A row.\nSELECT user_id FROM ${table}"), reader, stranger], Table("user_id string"));
        var after = ViewStatement.OfAll([ViewFile.Parse("source", "-- A row.\nSELECT cast(user_id AS bigint) AS user_id FROM ${table}"), reader, stranger], Table("user_id string"));

        Assert.NotEqual(before[1].Hash, after[1].Hash);
        Assert.Equal(before[2].Hash, after[2].Hash);
    }

    [Fact]
    public void Table_and_columns_are_put_in_as_quoted_names()
    {
        var view = ViewFile.Parse("v", "-- A row.\nSELECT\n  ${columns}\nFROM ${table}");

        Assert.Equal("CREATE OR REPLACE VIEW v AS\nSELECT\n  \"user_id\",\n  \"order\"\nFROM \"hits\"", ViewStatement.Of(view, Table("user_id string", "order bigint")).Create);
    }

    private static Table Table(params string[] columns) => new()
    {
        Name = "hits",
        StorageDescriptor = new StorageDescriptor { Columns = [.. columns.Select(c => new Column { Name = c.Split(' ')[0], Type = c.Split(' ')[1] })] },
        PartitionKeys = [new() { Name = "year", Type = "string" }],
    };
}
