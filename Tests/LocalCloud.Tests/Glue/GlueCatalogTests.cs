using LocalCloud.Glue;
using LocalCloud.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace LocalCloud.Tests.Glue;

public sealed class GlueCatalogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("glue").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
    private readonly GlueCatalog _catalog;

    public GlueCatalogTests()
    {
        _catalog = Reopened();
        _catalog.CreateDatabase(new DatabaseInput { Name = "pixel" });
    }

    public void Dispose()
    {
        _catalog.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Names_are_lower_case_however_they_were_given()
    {
        _catalog.CreateTable("Pixel", Events("TP_Events"));

        var table = _catalog.GetTable("PIXEL", "Tp_events");
        Assert.Equal("tp_events", table.Name);
        Assert.Equal("pixel", table.DatabaseName);
        Assert.Equal("0", table.VersionId);
        Assert.Equal("000000000000", table.CatalogId);
        Assert.Equal(_time.GetUtcNow(), table.CreateTime);
    }

    [Fact]
    public void What_is_there_already_is_not_created_again()
    {
        _catalog.CreateTable("pixel", Events());
        _catalog.CreatePartition("pixel", "tp_events", Hour("08"));

        Fails("AlreadyExistsException", "Database already exists.", () => _catalog.CreateDatabase(new DatabaseInput { Name = "PIXEL" }));
        Fails("AlreadyExistsException", "Table already exists.", () => _catalog.CreateTable("pixel", Events()));
        Fails("AlreadyExistsException", "Partition already exists.", () => _catalog.CreatePartition("pixel", "tp_events", Hour("08")));
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        _catalog.CreateTable("pixel", Events());

        Fails("EntityNotFoundException", "Database other not found.", () => _catalog.GetDatabase("Other"));
        Fails("EntityNotFoundException", "Database other not found.", () => _catalog.GetTables("other"));
        Fails("EntityNotFoundException", "Database other not found.", () => _catalog.CreateTable("other", Events()));
        Fails("EntityNotFoundException", "Table missing not found.", () => _catalog.GetTable("pixel", "missing"));
        Fails("EntityNotFoundException", "Cannot find partition.", () => _catalog.GetPartition("pixel", "tp_events", ["2026", "11", "23", "08"]));
    }

    [Fact]
    public void An_update_is_a_new_version_and_the_old_one_is_kept_unless_told_otherwise()
    {
        _catalog.CreateTable("pixel", Events());
        _time.Advance(TimeSpan.FromHours(1));
        _catalog.UpdateTable("pixel", Events() with { Description = "second" });
        _catalog.UpdateTable("pixel", Events() with { Description = "third" }, skipArchive: true);

        Assert.Equal(["2", "0"], _catalog.GetTableVersions("pixel", "tp_events").Select(version => version.VersionId));
        var table = _catalog.GetTable("pixel", "tp_events");
        Assert.Equal("third", table.Description);
        Assert.Equal(TimeSpan.FromHours(1), table.UpdateTime - table.CreateTime);
    }

    [Fact]
    public void An_update_of_a_version_that_is_no_longer_current_fails()
    {
        _catalog.CreateTable("pixel", Events());
        _catalog.UpdateTable("pixel", Events(), versionId: "0");

        Fails("ConcurrentModificationException", "Update table failed due to concurrent modifications.",
            () => _catalog.UpdateTable("pixel", Events(), versionId: "0"));
    }

    [Fact]
    public void A_batch_creates_what_it_can_and_says_what_it_could_not()
    {
        _catalog.CreateTable("pixel", Events());
        _catalog.CreatePartition("pixel", "tp_events", Hour("08"));

        var errors = _catalog.CreatePartitions("pixel", "tp_events", [Hour("07"), Hour("08"), new PartitionInput { Values = ["2026"] }, Hour("09")]);

        Assert.Equal(["AlreadyExistsException", "InvalidInputException"], errors.Select(error => error.ErrorDetail.ErrorCode));
        Assert.Equal(["07", "08", "09"], _catalog.GetPartitions("pixel", "tp_events").Select(partition => partition.Values[3]));
    }

    [Fact]
    public void A_partition_keeps_a_location_of_its_own_and_can_be_switched_to_another()
    {
        _catalog.CreateTable("pixel", Events());
        _catalog.CreatePartitions("pixel", "tp_events", [Hour("08"), Hour("09")]);

        _catalog.UpdatePartition("pixel", "tp_events", Hour("08").Values,
            Hour("08") with { StorageDescriptor = Events().StorageDescriptor! with { Location = "s3://pixel-lake/compacted/08/" } });

        Assert.Equal(["s3://pixel-lake/compacted/08/", "s3://pixel-lake/events/09/"],
            _catalog.GetPartitions("pixel", "tp_events").Select(partition => partition.StorageDescriptor!.Location));
        Assert.Equal("event_id", _catalog.GetPartition("pixel", "tp_events", Hour("08").Values).StorageDescriptor!.Columns![0].Name);
    }

    [Fact]
    public void A_partition_can_be_given_other_values_but_not_those_of_another_one()
    {
        _catalog.CreateTable("pixel", Events());
        _catalog.CreatePartitions("pixel", "tp_events", [Hour("08"), Hour("09")]);

        _catalog.UpdatePartition("pixel", "tp_events", Hour("08").Values, Hour("10"));
        Fails("AlreadyExistsException", "Partition already exists.",
            () => _catalog.UpdatePartition("pixel", "tp_events", Hour("09").Values, Hour("10")));

        Assert.Equal(["09", "10"], _catalog.GetPartitions("pixel", "tp_events").Select(partition => partition.Values[3]));
    }

    [Fact]
    public void Deleting_a_database_deletes_what_is_in_it()
    {
        _catalog.CreateTable("pixel", Events());
        _catalog.CreatePartition("pixel", "tp_events", Hour("08"));

        _catalog.DeleteDatabase("pixel");
        _catalog.CreateDatabase(new DatabaseInput { Name = "pixel" });
        _catalog.CreateTable("pixel", Events());

        Assert.Empty(_catalog.GetPartitions("pixel", "tp_events"));
    }

    [Fact]
    public void Everything_is_there_when_the_catalog_is_opened_again()
    {
        _catalog.CreateTable("pixel", Events());
        _catalog.CreatePartition("pixel", "tp_events", Hour("08") with { Parameters = new Dictionary<string, string> { ["loaded"] = "yes" } });

        var again = Reopened();

        Assert.Equal("org.openx.data.jsonserde.JsonSerDe", again.GetTable("pixel", "tp_events").StorageDescriptor!.SerdeInfo!.SerializationLibrary);
        var partition = again.GetPartition("pixel", "tp_events", Hour("08").Values);
        Assert.Equal("s3://pixel-lake/events/08/", partition.StorageDescriptor!.Location);
        Assert.Equal("yes", partition.Parameters!["loaded"]);
    }

    [Fact]
    public void Three_years_of_hours_are_paged_through_in_order_and_filtered()
    {
        _catalog.CreateTable("pixel", Events());
        var start = new DateTime(2024, 1, 1);
        var hours = Enumerable.Range(0, 26_280).Select(hour => start.AddHours(hour)).Select(time => new PartitionInput
        {
            Values = [$"{time:yyyy}", $"{time:MM}", $"{time:dd}", $"{time:HH}"],
            StorageDescriptor = Events().StorageDescriptor! with { Location = $"s3://pixel-lake/events/year={time:yyyy}/month={time:MM}/day={time:dd}/hour={time:HH}/" },
        });
        foreach (var chunk in hours.Chunk(1000))
        {
            Assert.Empty(_catalog.CreatePartitions("pixel", "tp_events", chunk));
        }

        var seen = new List<string>();
        IReadOnlyList<string>? after = null;
        do
        {
            var page = _catalog.GetPartitions("pixel", "tp_events", after: after, limit: 1000);
            seen.AddRange(page.Select(partition => string.Join('/', partition.Values)));
            after = page.Count == 1000 ? page[^1].Values : null;
        }
        while (after is not null);

        Assert.Equal(26_280, seen.Distinct().Count());
        Assert.Equal(seen.Order(StringComparer.Ordinal), seen);
        Assert.Equal(24, _catalog.GetPartitions("pixel", "tp_events", "year = '2025' AND month = '02' AND day = '28'").Count);
        Assert.Equal(26_280 / 24, _catalog.GetPartitions("pixel", "tp_events", "hour = '13'").Count);
    }

    private static TableInput Events(string name = "tp_events") => new()
    {
        Name = name,
        TableType = "EXTERNAL_TABLE",
        PartitionKeys = [new("year", "string"), new("month", "string"), new("day", "string"), new("hour", "string")],
        StorageDescriptor = new StorageDescriptor
        {
            Location = "s3://pixel-lake/events/",
            Columns = [new("event_id", "string"), new("params", "map<string,string>")],
            SerdeInfo = new SerDeInfo { SerializationLibrary = "org.openx.data.jsonserde.JsonSerDe" },
        },
    };

    private static PartitionInput Hour(string hour) => new()
    {
        Values = ["2026", "11", "23", hour],
        StorageDescriptor = Events().StorageDescriptor! with { Location = $"s3://pixel-lake/events/{hour}/" },
    };

    private GlueCatalog Reopened() => new(_folder, "000000000000", _time);

    private static void Fails(string code, string message, Action action)
    {
        var error = Assert.Throws<AwsException>(action);
        Assert.Equal((code, message), (error.Code, error.Message));
    }
}
