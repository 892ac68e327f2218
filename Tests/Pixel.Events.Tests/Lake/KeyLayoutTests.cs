using Pixel.Events.Lake;

namespace Pixel.Events.Tests.Lake;

public class KeyLayoutTests
{
    private static readonly DateTimeOffset Hour = new(2026, 1, 2, 3, 59, 59, TimeSpan.Zero);

    [Theory]
    [InlineData("hive", "year=2026/month=01/day=02/hour=03/", "year=2026/month=01/day=02/")]
    [InlineData("dated", "2026/01/02/03/", "2026/01/02/")]
    public void An_hour_is_written_zero_padded_in_utc(string name, string hour, string day)
    {
        KeyLayout layout = KeyLayout.Named(name);

        Assert.Equal(hour, layout.Format(Hour));
        Assert.Equal(hour, layout.Format(Hour.ToOffset(TimeSpan.FromHours(9))));
        Assert.Equal(day, layout.FormatDay(Hour));
        Assert.Equal(name, layout.ToString());
    }

    [Theory]
    [InlineData("hive")]
    [InlineData("dated")]
    public void What_is_written_is_read_back_and_sorts_by_time(string name)
    {
        KeyLayout layout = KeyLayout.Named(name);
        string last = "";
        for (DateTimeOffset hour = new(2025, 12, 30, 0, 0, 0, TimeSpan.Zero); hour.Year < 2027; hour = hour.AddHours(7))
        {
            string key = "events/" + layout.Format(hour) + "pixel-events-1-2026-01-02-03-04-05-x.parquet";
            Assert.True(layout.TryParse("events/", key, out LakePartition partition), key);
            Assert.True(partition.TryGetStart(out DateTimeOffset start));
            Assert.Equal(hour, start);
            Assert.True(string.CompareOrdinal(last, key) < 0);
            last = key;
        }
    }

    [Fact]
    public void Values_are_the_text_of_the_path()
    {
        Assert.True(KeyLayout.Hive.TryParse("events/", "events/year=2026/month=1/day=02/hour=3/", out LakePartition partition));

        Assert.Equal(["2026", "1", "02", "3"], partition.Values);
        Assert.Equal("2026/1/02/3", partition.ToString());
    }

    [Theory]
    [InlineData("hive", "events/2026/01/02/03/a")]
    [InlineData("hive", "events/year=2026/month=01/day=02/")]
    [InlineData("hive", "events/year=2026/month=01/day=02/hour=03")]
    [InlineData("hive", "events/year=2026/month=13/day=02/hour=03/")]
    [InlineData("hive", "events/year=2026/month=02/day=30/hour=03/")]
    [InlineData("hive", "events/year=2026/month=02/day=03/hour=24/")]
    [InlineData("hive", "events/year=/month=02/day=03/hour=04/")]
    [InlineData("hive", "events/Year=2026/month=02/day=03/hour=04/")]
    [InlineData("hive", "events/month=02/year=2026/day=03/hour=04/")]
    [InlineData("hive", "errors/year=2026/month=02/day=03/hour=04/")]
    [InlineData("hive", "events/year=+026/month=02/day=03/hour=04/")]
    [InlineData("dated", "events/2026/1/02/03/a")]
    [InlineData("dated", "events/year=2026/month=01/day=02/hour=03/a")]
    [InlineData("dated", "events/2026/01/02/x3/a")]
    [InlineData("dated", "events/compacted/2026/01/02/03/a")]
    [InlineData("dated", "")]
    public void A_key_elsewhere_belongs_to_no_partition(string name, string key) =>
        Assert.False(KeyLayout.Named(name).TryParse("events/", key, out _));

    [Fact]
    public void A_layout_that_does_not_exist_is_refused() =>
        Assert.Equal("A key layout is hive or dated, not 'flat'. (Parameter 'name')", Assert.Throws<ArgumentException>(() => KeyLayout.Named("flat")).Message);
}
