using System.Globalization;
using System.Net;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Amazon.S3;
using Amazon.S3.Model;

namespace LocalStack.Tests;

/// <summary>The way of an event with LocalStack's S3 and Firehose: beacon, Firehose, S3, partitions, SQL.</summary>
public sealed class EndToEndTests(LocalStackLake lake) : IClassFixture<LocalStackLake>
{
    [Fact]
    public async Task The_template_makes_a_stream_that_is_active_and_says_how_its_keys_are_laid_out()
    {
        lake.MustBeHere();
        using var firehose = lake.Session().CreateClientByImplementation<AmazonKinesisFirehoseClient>(useServiceUrl: true);

        var stream = await firehose.DescribeDeliveryStreamAsync(
            new DescribeDeliveryStreamRequest { DeliveryStreamName = lake.Outputs["EventStreamName"] }, TestContext.Current.CancellationToken);

        Assert.Equal(DeliveryStreamStatus.ACTIVE, stream.DeliveryStreamDescription.DeliveryStreamStatus);
        Assert.Equal("dated", lake.Outputs["KeyLayout"]);
        Assert.Equal("json", lake.Outputs["DataFormat"]);
    }

    [Fact]
    public async Task A_page_view_becomes_a_row()
    {
        lake.MustBeHere();
        var visitor = $"visitor-{Guid.NewGuid():N}";
        await using var system = await PixelSystem.StartAsync(lake);
        using (var pixel = system.Pixel())
        {
            foreach (var page in new[] { "a", "b", "c" })
            {
                using var answer = await pixel.GetAsync(
                    new Uri($"/trackingpixel?userid={visitor}&thirdpartyname=example.hightrafficwebsite.com&url=https://example.com/{page}", UriKind.Relative),
                    TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        }

        await ArriveAsync(visitor, 3);
        await system.RunJobAsync("load-partitions");
        await system.RunJobAsync("views");

        Assert.Equal(
            ["example.hightrafficwebsite.com,https://example.com/a", "example.hightrafficwebsite.com,https://example.com/b", "example.hightrafficwebsite.com,https://example.com/c"],
            await system.QueryAsync(lake, $"SELECT third_party, page_url FROM tp_events WHERE user_id = '{visitor}' ORDER BY page_url"));
        Assert.Equal(["3"], await system.QueryAsync(lake, $"SELECT count(*) FROM events WHERE user_id = '{visitor}'"));
    }

    /// <summary>Waits until a visitor's events are objects, and says under which keys LocalStack put them.</summary>
    private async Task ArriveAsync(string visitor, int expected)
    {
        var token = TestContext.Current.CancellationToken;
        using var s3 = lake.Session().CreateClientByImplementation<AmazonS3Client>(useServiceUrl: true);
        while (true)
        {
            var found = 0;
            var listed = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = lake.Outputs["LakeBucketName"], Prefix = "events/" }, token);
            foreach (var item in listed.S3Objects ?? [])
            {
                using var content = await s3.GetObjectAsync(item.BucketName ?? lake.Outputs["LakeBucketName"], item.Key, token);
                using var text = new StreamReader(content.ResponseStream);
                var events = (await text.ReadToEndAsync(token)).Split('\n').Count(line => line.Contains(visitor, StringComparison.Ordinal));
                found += events;
                if (events > 0)
                {
                    var hour = item.Key["events/".Length..].Split('/')[..4];
                    Assert.True(DateTime.TryParseExact(string.Join('/', hour), "yyyy/MM/dd/HH", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), item.Key);
                }
            }

            if (found == expected)
            {
                return;
            }

            Assert.True(found < expected, $"{found} events arrived of {expected}.");
            await Task.Delay(TimeSpan.FromMilliseconds(200), token);
        }
    }
}
