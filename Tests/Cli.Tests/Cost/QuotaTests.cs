using Cli.Cost.Model;

namespace Cli.Tests.Cost;

public class QuotaTests
{
    private static readonly Assumptions Assumed = new();

    [Theory]
    [InlineData(Way.HttpApi)]
    [InlineData(Way.CloudFront)]
    [InlineData(Way.FunctionUrl)]
    public void A_put_a_request_meets_a_streams_calls_first(object way)
    {
        Assert.Equal(2_000, Quotas.First(new((Way)way), Assumed, largeRegion: true).Rate);
        Assert.Equal(1_000, Quotas.First(new((Way)way), Assumed, largeRegion: false).Rate);
    }

    [Theory]
    [InlineData(Way.FargateAlb)]
    [InlineData(Way.FargateNlb)]
    public void Requests_that_share_puts_meet_a_streams_bytes_first(object way)
    {
        Assert.Equal(5 * 1_048_576 / 792.0, Quotas.First(new((Way)way), Assumed, largeRegion: true).Rate, 6);
        Assert.Equal(1_048_576 / 792.0, Quotas.First(new((Way)way), Assumed, largeRegion: false).Rate, 6);
    }

    [Fact]
    public void Long_events_meet_a_streams_bytes_before_its_calls_in_Lambda_too()
    {
        var quota = Quotas.First(new(Way.FunctionUrl), Assumed with { EventBytes = 4_000 }, largeRegion: true);

        Assert.Equal(new Quota("Firehose: bytes a second to a stream", 5 * 1_048_576 / 4_000.0), quota);
    }

    [Fact]
    public void A_slow_function_meets_its_concurrency_first()
    {
        var quota = Quotas.First(new(Way.FunctionUrl), Assumed with { LambdaDuration = TimeSpan.FromSeconds(1) }, largeRegion: true);

        Assert.Equal(new Quota("Lambda: concurrent executions", 1_000), quota);
    }

    [Fact]
    public void Each_way_names_its_own_quotas()
    {
        Assert.Contains(Quotas.All(new(Way.HttpApi), Assumed, true), quota => quota == new Quota("API Gateway: requests a second", 10_000));
        Assert.Contains(Quotas.All(new(Way.CloudFront), Assumed, true), quota => quota.Rate == 250_000);
        Assert.Contains(Quotas.All(new(Way.FargateNlb), Assumed, true), quota => quota == new Quota("Fargate: processors", 30_000));
        Assert.DoesNotContain(Quotas.All(new(Way.FargateNlb), Assumed, true), quota => quota.Name.StartsWith("Lambda", StringComparison.Ordinal));
    }
}
