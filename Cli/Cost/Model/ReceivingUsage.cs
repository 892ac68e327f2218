namespace Cli.Cost.Model;

/// <summary>What receiving uses, up to the put: the edge, the beacon itself, and answers on their way out.</summary>
internal static class ReceivingUsage
{
    // Per LCU and NLCU (with a TLS listener): Elastic Load Balancing's pricing page.
    private const double AlbConnections = 25;
    private const double NlbConnections = 50;
    private const double OpenConnections = 3_000;

    public static IEnumerable<Usage> Of(Receiving receiving, Traffic traffic, Assumptions assumed) => receiving.Way switch
    {
        Way.HttpApi =>
        [
            new(Part.Receiving, "httpapi.requests", traffic.PerMonth),
            .. Logs(traffic.PerMonth * assumed.AccessLogBytes, assumed),
            .. Lambda(traffic, assumed),
            new(Part.Egress, "egress", Egress(traffic, assumed.AnswerBytes + assumed.LambdaHeaderBytes, assumed)),
        ],
        Way.CloudFront =>
        [
            new(Part.Receiving, "cloudfront.requests", traffic.PerMonth),
            new(Part.Receiving, "secrets.months", assumed.CloudFrontSecrets, IsFixed: true),
            .. Waf(receiving, traffic, assumed),
            .. Lambda(traffic, assumed),
            // From Lambda to the edges it is free, as from every origin in AWS.
            new(Part.Egress, "cloudfront.egress", Egress(traffic, assumed.AnswerBytes + assumed.LambdaHeaderBytes + assumed.CloudFrontHeaderBytes, assumed)),
        ],
        Way.FunctionUrl =>
        [
            .. Lambda(traffic, assumed),
            new(Part.Egress, "egress", Egress(traffic, assumed.AnswerBytes + assumed.LambdaHeaderBytes, assumed)),
        ],
        Way.FargateAlb =>
        [
            new(Part.Receiving, "alb.hours", Traffic.HoursPerMonth, IsFixed: true),
            // Its bytes are those of HTTP, without TLS.
            new(Part.Receiving, "alb.units", Traffic.HoursPerMonth * CapacityUnits(traffic, assumed, AlbConnections, assumed.RequestBytes + assumed.AnswerBytes)),
            .. Waf(receiving, traffic, assumed),
            .. Fargate(traffic, assumed),
        ],
        Way.FargateNlb =>
        [
            new(Part.Receiving, "nlb.hours", Traffic.HoursPerMonth, IsFixed: true),
            // Its bytes are all that passes.
            new(Part.Receiving, "nlb.units", Traffic.HoursPerMonth * CapacityUnits(traffic, assumed, NlbConnections, WireBytes(assumed))),
            .. Fargate(traffic, assumed),
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(receiving), receiving.Way, null),
    };

    /// <summary>How many tasks run.</summary>
    public static int Tasks(Traffic traffic, Assumptions assumed) =>
        (int)Math.Max(assumed.LeastTasks, Math.Ceiling(traffic.PerSecond * assumed.ProcessorTime.TotalSeconds / (assumed.TaskProcessors * assumed.TaskLoad)));

    private static IEnumerable<Usage> Lambda(Traffic traffic, Assumptions assumed) =>
    [
        new(Part.Beacon, "lambda.requests", traffic.PerMonth),
        new(Part.Beacon, "lambda.compute", traffic.PerMonth * assumed.LambdaDuration.TotalSeconds * assumed.LambdaGigabytes),
        .. Logs(traffic.PerMonth * assumed.LambdaLogBytes, assumed),
        // Sent, received and deleted.
        new(Part.Beacon, "sqs.requests", traffic.PerMonth * assumed.RefusedShare * 3),
    ];

    private static IEnumerable<Usage> Fargate(Traffic traffic, Assumptions assumed)
    {
        var (least, more) = ((double)assumed.LeastTasks, (double)(Tasks(traffic, assumed) - assumed.LeastTasks));
        return
        [
            new(Part.Receiving, "ipv4.hours", assumed.Zones * Traffic.HoursPerMonth, IsFixed: true),
            new(Part.Receiving, "nat.hours", assumed.NatGateways * Traffic.HoursPerMonth, IsFixed: true),
            // Puts carry events in base64.
            new(Part.Receiving, "nat.data", assumed.NatGateways > 0 ? traffic.PerMonth * assumed.EventBytes * 4 / 3 / Sizes.Gigabyte : 0),
            .. Running(least, isFixed: true),
            .. Running(more, isFixed: false),
            new(Part.Egress, "egress", traffic.PerMonth * (assumed.AnswerBytes + assumed.FramingBytes + (assumed.ConnectionsPerRequest * assumed.HandshakeOutBytes)) / Sizes.Gigabyte),
        ];

        IEnumerable<Usage> Running(double tasks, bool isFixed) =>
        [
            new(Part.Beacon, "fargate.vcpu", tasks * assumed.TaskProcessors * Traffic.HoursPerMonth, isFixed),
            new(Part.Beacon, "fargate.memory", tasks * assumed.TaskGigabytes * Traffic.HoursPerMonth, isFixed),
            new(Part.Beacon, "efs.storage", tasks * assumed.JournalGigabytes, isFixed),
            new(Part.Beacon, "efs.writes", tasks * assumed.JournalWrittenGigabytes, isFixed),
            new(Part.Receiving, "ipv4.hours", assumed.TasksHaveAddresses ? tasks * Traffic.HoursPerMonth : 0, isFixed),
        ];
    }

    private static IEnumerable<Usage> Waf(Receiving receiving, Traffic traffic, Assumptions assumed) => !receiving.Waf ? [] :
    [
        new(Part.Waf, "waf.acls", 1, IsFixed: true),
        new(Part.Waf, "waf.rules", assumed.WafRules, IsFixed: true),
        new(Part.Waf, "waf.requests", traffic.PerMonth),
    ];

    private static IEnumerable<Usage> Logs(double bytes, Assumptions assumed) =>
    [
        new(Part.Watching, "logs.ingest", bytes / Sizes.Gigabyte),
        new(Part.Watching, "logs.storage", bytes / Sizes.Gigabyte * assumed.LogDays / Traffic.DaysPerMonth),
    ];

    private static double Egress(Traffic traffic, double answerBytes, Assumptions assumed) =>
        traffic.PerMonth * (answerBytes + (assumed.ManagedEdgesBillHandshakes ? assumed.ConnectionsPerRequest * assumed.HandshakeOutBytes : 0)) / Sizes.Gigabyte;

    private static double WireBytes(Assumptions assumed) =>
        assumed.RequestBytes + assumed.AnswerBytes + (2 * assumed.FramingBytes) + (assumed.ConnectionsPerRequest * (assumed.HandshakeOutBytes + assumed.HandshakeInBytes));

    // The largest dimension counts; rules are none but the default one.
    private static double CapacityUnits(Traffic traffic, Assumptions assumed, double connections, double bytes)
    {
        var opened = traffic.PerSecond * assumed.ConnectionsPerRequest;
        return Math.Max(Math.Max(opened / connections, opened * assumed.ConnectionLife.TotalSeconds / OpenConnections), traffic.PerHour * bytes / Sizes.Gigabyte);
    }
}
