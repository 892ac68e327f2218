using System.Text.RegularExpressions;
using LocalCloud.Firehose;
using LocalCloud.Firehose.Keys;

namespace LocalCloud.Tests.Firehose;

public class ObjectKeyTests
{
    // A Tuesday; the last two are where the year of the week is not the year.
    private static readonly DateTimeOffset Tuesday = new(2026, 11, 3, 7, 5, 9, 123, TimeSpan.Zero);

    [Theory]
    [InlineData("yyyy", "2026")]
    [InlineData("yy", "26")]
    [InlineData("y", "2026")]
    [InlineData("uuuu", "2026")]
    [InlineData("yyyyy", "02026")]
    [InlineData("M", "11")]
    [InlineData("MM", "11")]
    [InlineData("MMM", "Nov")]
    [InlineData("MMMM", "November")]
    [InlineData("LLLL", "November")]
    [InlineData("MMMMM", "N")]
    [InlineData("d", "3")]
    [InlineData("dd", "03")]
    [InlineData("D", "307")]
    [InlineData("DDD", "307")]
    [InlineData("E", "Tue")]
    [InlineData("EEEE", "Tuesday")]
    [InlineData("e", "3")]
    [InlineData("w", "45")]
    [InlineData("W", "1")]
    [InlineData("F", "1")]
    [InlineData("Q", "4")]
    [InlineData("QQQ", "Q4")]
    [InlineData("QQQQ", "4th quarter")]
    [InlineData("H", "7")]
    [InlineData("HH", "07")]
    [InlineData("hh a", "07 AM")]
    [InlineData("k", "7")]
    [InlineData("K", "7")]
    [InlineData("mm", "05")]
    [InlineData("ss", "09")]
    [InlineData("SSS", "123")]
    [InlineData("S", "1")]
    [InlineData("n", "123000000")]
    [InlineData("A", "25509123")]
    [InlineData("G", "AD")]
    [InlineData("VV", "UTC")]
    [InlineData("z", "UTC")]
    [InlineData("X", "Z")]
    [InlineData("xxx", "+00:00")]
    [InlineData("Z", "+0000")]
    [InlineData("O", "GMT")]
    [InlineData("yyyy/MM/dd/HH", "2026/11/03/07")]
    [InlineData("yyyy-MM-dd'T'HH", "2026-11-03T07")]
    [InlineData("'year='yyyy", "year=2026")]
    [InlineData("h 'o''clock'", "7 o'clock")]
    [InlineData("''yy''", "'26'")]
    [InlineData("yyyy[-MM]", "2026-11")]
    public void A_timestamp_is_written_as_Java_would(string pattern, string expected)
    {
        Assert.True(JavaTimePattern.TryParse(pattern, out var parsed, out var problem), problem);
        Assert.Equal(expected, parsed!.Format(Tuesday, TimeZoneInfo.Utc));
    }

    [Theory]
    [InlineData("2026-12-26", "2026 52")]
    [InlineData("2026-12-27", "2027 1")]
    [InlineData("2026-12-31", "2027 1")]
    [InlineData("2027-01-01", "2027 1")]
    [InlineData("2027-01-03", "2027 2")]
    [InlineData("2028-01-01", "2028 1")]
    public void YYYY_is_the_year_of_the_week_which_is_seldom_what_was_meant(string day, string expected)
    {
        Assert.True(JavaTimePattern.TryParse("YYYY w", out var parsed, out _));
        Assert.Equal(expected, parsed!.Format(DateTimeOffset.Parse(day + "T00:00:00Z"), TimeZoneInfo.Utc));
    }

    [Theory]
    [InlineData("yyyy-MM-dd'T", "incomplete string literal")]
    [InlineData("ddd", "Too many pattern letters")]
    [InlineData("bbb", "Unknown pattern letter")]
    [InlineData("yyyy#", "reserved character")]
    [InlineData("V", "count must be 2")]
    public void What_Java_refuses_is_refused(string pattern, string why)
    {
        Assert.False(JavaTimePattern.TryParse(pattern, out _, out var problem));
        Assert.Contains(why, problem);
    }

    [Theory]
    [InlineData(null, @"2026/11/03/07/")]
    [InlineData("", @"2026/11/03/07/")]
    [InlineData("events/", @"events/2026/11/03/07/")]
    [InlineData("legacy", @"legacy2026/11/03/07/")]
    [InlineData("events/year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/", @"events/year=2026/month=11/day=03/hour=07/")]
    [InlineData("!{timestamp:'}'yyyy}/", @"}2026/")]
    [InlineData("!{firehose:random-string}/x/", @"[A-Za-z0-9]{11}/x/")]
    public void A_key_is_the_evaluated_prefix_and_the_name_of_the_object(string? prefix, string start)
    {
        var key = ObjectKeys.ForRecords(new S3Destination { Prefix = prefix }, "pixel-events", 3, Tuesday);
        Assert.Matches($"^{start}pixel-events-3-2026-11-03-07-05-09-[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$", key);
    }

    [Fact]
    public void Every_random_string_is_another_one()
    {
        var key = ObjectKeys.ForRecords(new S3Destination { Prefix = "!{firehose:random-string}/!{firehose:random-string}/" }, "s", 1, Tuesday);
        Assert.NotEqual(key.Split('/')[0], key.Split('/')[1]);
    }

    [Fact]
    public void A_time_zone_moves_both_the_prefix_and_the_name()
    {
        var key = ObjectKeys.ForRecords(new S3Destination { Prefix = "!{timestamp:yyyy-MM-dd HH xxx}/", CustomTimeZone = "Asia/Tokyo" }, "s", 1, Tuesday);
        Assert.StartsWith("2026-11-03 16 +09:00/s-1-2026-11-03-16-05-09-", key);
    }

    [Theory]
    [InlineData("UNCOMPRESSED", null, "")]
    [InlineData("GZIP", null, ".gz")]
    [InlineData("ZIP", null, ".zip")]
    [InlineData("GZIP", ".json.gz", ".json.gz")]
    [InlineData("UNCOMPRESSED", ".json", ".json")]
    [InlineData("GZIP", "", ".gz")]
    public void The_extension_follows_the_compression_unless_one_is_given(string compression, string? extension, string expected)
    {
        var key = ObjectKeys.ForRecords(new S3Destination { CompressionFormat = compression, FileExtension = extension }, "s", 1, Tuesday);
        Assert.Equal(expected, Regex.Match(key, @"[0-9a-f]{12}(.*)$").Groups[1].Value);
    }

    [Theory]
    [InlineData("errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/", null, "errors/format-conversion-failed/2026/11/03/s-1-")]
    [InlineData("errors/", null, "errors/s-1-")]
    [InlineData(null, "events/", "events/format-conversion-failed/2026/11/03/07/s-1-")]
    public void Errors_lie_under_the_error_prefix_without_an_extension(string? errors, string? prefix, string start)
    {
        var key = ObjectKeys.ForErrors(new S3Destination { ErrorOutputPrefix = errors, Prefix = prefix, FileExtension = ".json" }, "s", 1, Tuesday);
        Assert.StartsWith(start, key);
        Assert.DoesNotContain(".", key);
    }
}
