namespace Cli.Cost.Model;

/// <summary>A quota, at the rate of requests that meets it.</summary>
/// <param name="Name">Whose quota of what.</param>
/// <param name="Rate">Requests a second.</param>
internal sealed record Quota(string Name, double Rate);

/// <summary>
/// The quotas that AWS gives an account, and at which rate of requests each is met. All can be raised by asking.
/// </summary>
/// <remarks>
/// From the quota pages of Firehose, Lambda, API Gateway, CloudFront and Fargate. New accounts begin with less concurrency in
/// Lambda until they have used it for a while.
/// </remarks>
internal static class Quotas
{
    private const double Mebibyte = 1 << 20;
    private const double HttpApiRequests = 10_000;
    private const double LambdaConcurrency = 1_000;

    // A function takes ten requests a second for each of its concurrent executions, however short they are.
    private const double LambdaRequestsPerConcurrency = 10;
    private const double CloudFrontRequests = 250_000;
    private const double FargateProcessors = 6;

    /// <summary>The quota that is met first.</summary>
    /// <param name="receiving">The way.</param>
    /// <param name="assumed">What a request and an event are.</param>
    /// <param name="largeRegion">Whether it is us-east-1, us-west-2 or eu-west-1, where a stream takes more.</param>
    public static Quota First(Receiving receiving, Assumptions assumed, bool largeRegion) => All(receiving, assumed, largeRegion).MinBy(quota => quota.Rate)!;

    /// <summary>Every quota on the way.</summary>
    public static IEnumerable<Quota> All(Receiving receiving, Assumptions assumed, bool largeRegion)
    {
        var (calls, bytes) = largeRegion ? (2_000, 5 * Mebibyte) : (1_000, Mebibyte);
        yield return new("Firehose: bytes a second to a stream", bytes / assumed.EventBytes);
        if (receiving.IsLambda)
        {
            // One put a request. Requests that share puts stay far below: a task sends at most 50 a second.
            yield return new("Firehose: calls a second to a stream", calls);
            yield return new("Lambda: concurrent executions", LambdaConcurrency / assumed.LambdaDuration.TotalSeconds);
            yield return new("Lambda: requests a second", LambdaConcurrency * LambdaRequestsPerConcurrency);
        }
        else
        {
            yield return new("Fargate: processors", FargateProcessors * assumed.TaskLoad / assumed.ProcessorTime.TotalSeconds);
        }

        if (receiving.Way == Way.HttpApi)
        {
            yield return new("API Gateway: requests a second", HttpApiRequests);
        }
        else if (receiving.Way == Way.CloudFront)
        {
            yield return new("CloudFront: requests a second to a distribution", CloudFrontRequests);
        }
    }
}
