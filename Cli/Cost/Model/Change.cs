namespace Cli.Cost.Model;

/// <summary>One assumption that could be otherwise, to see what hangs on it.</summary>
/// <param name="Name">What is otherwise.</param>
/// <param name="Apply">The assumptions with it.</param>
internal sealed record Change(string Name, Func<Assumptions, Assumptions> Apply)
{
    /// <summary>What can be done to pay less, at the price of something else.</summary>
    public static readonly IReadOnlyList<Change> Levers =
    [
        new("no dashboard in CloudWatch", assumed => assumed with { Dashboards = 0 }),
        new("no access log of the HTTP API", assumed => assumed with { AccessLogBytes = 0 }),
        new("128 MB for the beacon in Lambda, if half of its time is computing, which then takes twice as long", assumed => assumed with { LambdaGigabytes = 0.125, LambdaDuration = 1.5 * assumed.LambdaDuration }),
        new("one task: nothing answers for a minute when it or its zone fails", assumed => assumed with { LeastTasks = 1 }),
        new("tasks without public IPv4: Firehose by IPv6", assumed => assumed with { TasksHaveAddresses = false }),
        new("`Delivery:GroupWait` 1 s: visitors wait that long for an image that nobody sees", assumed => assumed with { GroupWait = TimeSpan.FromSeconds(1) }),
        new("a certificate of ACM on an elliptic curve (`EC_prime256v1`): handshakes of 3,000 bytes out", assumed => assumed with { HandshakeOutBytes = 3_000 }),
        new("the job `ledger` every six hours", assumed => assumed with { LedgerRunsPerDay = 4 }),
        new("the job `alerts` every hour", assumed => assumed with { AlertsRunsPerDay = 24 }),
        new("events kept for 90 days", assumed => assumed with { KeptDays = 90 }),
    ];

    /// <summary>What costs more: assumptions that may not hold, and other choices.</summary>
    public static readonly IReadOnlyList<Change> Risks =
    [
        new("handshakes are billed as data out by API Gateway, Function URLs and CloudFront, too", assumed => assumed with { ManagedEdgesBillHandshakes = true }),
        new("a request takes 50 ms in Lambda", assumed => assumed with { LambdaDuration = TimeSpan.FromMilliseconds(50) }),
        new("Lambda logs START, END and REPORT (450 bytes a request)", assumed => assumed with { LambdaLogBytes = 450 }),
        new("each request opens a connection", assumed => assumed with { ConnectionsPerRequest = 1 }),
        new("events of twice the bytes", assumed => assumed with { EventBytes = 2 * assumed.EventBytes, RequestBytes = 1.5 * assumed.RequestBytes, ParquetBytes = 2 * assumed.ParquetBytes }),
        new("`BufferSeconds` left at 15", assumed => assumed with { Buffer = TimeSpan.FromSeconds(15) }),
        new("tasks behind two NAT gateways, without addresses of their own", assumed => assumed with { TasksHaveAddresses = false, NatGateways = 2 }),
        new("a KMS key of your own, with bucket keys", assumed => assumed with { Keys = 1 }),
        new("200 questions a day instead of 20", assumed => assumed with { QuestionsPerDay = 200 }),
    ];
}
