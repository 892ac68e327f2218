namespace Cli.Cost.Model;

/// <summary>
/// What is not a price: sizes, times and how it is set up. Sizes marked measured are those of the demo's traffic
/// (<c>demo --events 40000 --seed 1</c>) through the real beacon; nothing here was measured on AWS.
/// </summary>
/// <remarks>docs/cost.md lists them with their reasons.</remarks>
internal sealed record Assumptions
{
    /// <summary>An event as the JSON line that Firehose gets; measured.</summary>
    public double EventBytes { get; init; } = 792;

    /// <summary>A request with its headers.</summary>
    public double RequestBytes { get; init; } = 1_000;

    /// <summary>The answer of the beacon itself; measured: 197 bytes of headers and the image of 43.</summary>
    public double AnswerBytes { get; init; } = 240;

    /// <summary>What API Gateway or a Function URL adds to an answer: request and trace ids, connection.</summary>
    public double LambdaHeaderBytes { get; init; } = 210;

    /// <summary>What CloudFront adds besides.</summary>
    public double CloudFrontHeaderBytes { get; init; } = 300;

    /// <summary>New connections for each request: many visitors load one page and go.</summary>
    public double ConnectionsPerRequest { get; init; } = 0.5;

    /// <summary>
    /// What a new TLS connection sends to the visitor, averaged over full and resumed handshakes: mostly certificates. A full
    /// one with ACM's RSA certificate, an intermediate and a cross-signed root has about 4,350 (published outputs of
    /// <c>openssl s_client</c>).
    /// </summary>
    public double HandshakeOutBytes { get; init; } = 4_000;

    /// <summary>What a new TLS connection gets from the visitor.</summary>
    public double HandshakeInBytes { get; init; } = 1_500;

    /// <summary>What TLS and TCP add to a request and its answer, in each direction.</summary>
    public double FramingBytes { get; init; } = 150;

    /// <summary>How long a connection stays open.</summary>
    public TimeSpan ConnectionLife { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Whether API Gateway, Function URLs and CloudFront bill handshakes as data out. AWS documents the answer's bytes and
    /// does not speak of handshakes; what passes a load balancer is billed as it leaves.
    /// </summary>
    public bool ManagedEdgesBillHandshakes { get; init; }

    /// <summary>The beacon's memory in Lambda, in GB: 256 MB.</summary>
    public double LambdaGigabytes { get; init; } = 0.25;

    /// <summary>What a request takes in Lambda, waiting for Firehose included, and the share of a start.</summary>
    public TimeSpan LambdaDuration { get; init; } = TimeSpan.FromMilliseconds(15);

    /// <summary>
    /// What Lambda writes to its log for a request. None: the template sets <c>LogFormat</c> JSON and <c>SystemLogLevel</c>
    /// WARN, so there are no START, END and REPORT lines.
    /// </summary>
    public double LambdaLogBytes { get; init; }

    /// <summary>A line of the HTTP API's access log as the template writes it, 98 bytes, with the 26 that CloudWatch adds.</summary>
    public double AccessLogBytes { get; init; } = 124;

    /// <summary>How long logs are kept.</summary>
    public double LogDays { get; init; } = 7;

    /// <summary>The processors of a task.</summary>
    public double TaskProcessors { get; init; } = 0.25;

    /// <summary>The memory of a task, in GB.</summary>
    public double TaskGigabytes { get; init; } = 0.5;

    /// <summary>
    /// Processor time for a request on Fargate. The benchmark has 17 µs for one with its delivery; this adds the signing and
    /// encryption of puts and slower processors.
    /// </summary>
    public TimeSpan ProcessorTime { get; init; } = TimeSpan.FromMicroseconds(100);

    /// <summary>The load at which tasks are added.</summary>
    public double TaskLoad { get; init; } = 0.5;

    /// <summary>Tasks that always run, one in each zone.</summary>
    public int LeastTasks { get; init; } = 2;

    /// <summary>The load balancer's zones, each with a public address.</summary>
    public int Zones { get; init; } = 2;

    /// <summary>Whether tasks have public IPv4 addresses, which is how they reach Firehose without a NAT gateway.</summary>
    public bool TasksHaveAddresses { get; init; } = true;

    /// <summary>NAT gateways, where tasks have no addresses of their own and no IPv6.</summary>
    public int NatGateways { get; init; }

    /// <summary><c>Delivery:GroupWait</c>.</summary>
    public TimeSpan GroupWait { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>What a task's journal takes on EFS, in GB: its segments, filled in advance.</summary>
    public double JournalGigabytes { get; init; } = 0.05;

    /// <summary>What a task writes to EFS in a month, in GB: new segments at starts, and what Firehose refused.</summary>
    public double JournalWrittenGigabytes { get; init; } = 1;

    /// <summary>Rules and managed rule groups in the web ACL: common, known bad inputs, reputation, address list, rate.</summary>
    public int WafRules { get; init; } = 5;

    /// <summary>The parameter <c>BufferSeconds</c> of the lake; production's value, not the default for trying out.</summary>
    public TimeSpan Buffer { get; init; } = TimeSpan.FromSeconds(900);

    /// <summary>The parameter <c>BufferMegabytes</c>.</summary>
    public double BufferMebibytes { get; init; } = 128;

    /// <summary>An event in Parquet. Measured are 77 bytes with few pages, no browser, country and visitor; this is twice that.</summary>
    public double ParquetBytes { get; init; } = 150;

    /// <summary>How long events are kept: the lake's lifecycle.</summary>
    public double KeptDays { get; init; } = 730;

    /// <summary>The age at which they move to Standard-IA.</summary>
    public double StandardDays { get; init; } = 30;

    /// <summary>The age at which they move to Glacier Instant Retrieval.</summary>
    public double InfrequentDays { get; init; } = 90;

    /// <summary>How long what an hour was compacted from stays beside it.</summary>
    public double InputDays { get; init; } = 2;

    /// <summary>KMS keys of our own; none: SSE-S3.</summary>
    public int Keys { get; init; }

    /// <summary>Requests a month with such a key, for a bucket that uses bucket keys.</summary>
    public double KeyRequests { get; init; } = 50_000;

    /// <summary>The worker's memory in Lambda, in GB: the template's default.</summary>
    public double WorkerGigabytes { get; init; } = 0.5;

    /// <summary>Runs of the job <c>ledger</c> a day.</summary>
    public double LedgerRunsPerDay { get; init; } = 24;

    /// <summary>Runs of the job <c>alerts</c> a day.</summary>
    public double AlertsRunsPerDay { get; init; } = 96;

    /// <summary>
    /// PUT and LIST requests of a job's run: its lock, its state, its row in <c>job_runs</c>, listings. Measured are 6.4 in the
    /// mean of all runs, in a worker that goes on (<c>CallsOfRunsTests</c>); a function that starts anew looks for its lock first.
    /// </summary>
    public double PutsPerRun { get; init; } = 8;

    /// <summary>GET requests of a job's run; measured the same way: 1.0.</summary>
    public double GetsPerRun { get; init; } = 3;

    /// <summary>Requests of a job's run to the catalog; measured the same way: 2.9.</summary>
    public double CatalogRequestsPerRun { get; init; } = 3;

    /// <summary>Questions of people and dashboards a day, each about one day's events; long ranges read <c>daily_rollup</c>.</summary>
    public double QuestionsPerDay { get; init; } = 20;

    /// <summary>What such a question reads of an event.</summary>
    public double QuestionBytes { get; init; } = 40;

    /// <summary>The part of events that Firehose refuses and the queue takes (Lambda).</summary>
    public double RefusedShare { get; init; } = 0.0001;

    /// <summary>
    /// Alarms of the edge with a function URL; the other ways have one more, for what their own front or journal refuses, but for
    /// a network load balancer, which counts no answers.
    /// </summary>
    public int FunctionUrlAlarms { get; init; } = 7;

    /// <summary>Alarms of the worker.</summary>
    public int WorkerAlarms { get; init; } = 4;

    /// <summary>
    /// Metrics of our own that the worker's alarms look at: the ledger's gaps. The HTTP API and Fargate have one more, from their logs.
    /// All others are AWS's, which are free.
    /// </summary>
    public int WorkerMetrics { get; init; } = 1;

    /// <summary>Dashboards in CloudWatch: the edge's. The worker's is made for who asks for it.</summary>
    public int Dashboards { get; init; } = 1;

    /// <summary>Alarms of the edge.</summary>
    public int EdgeAlarms(Way way) => FunctionUrlAlarms + way switch
    {
        Way.FunctionUrl => 0,
        Way.FargateNlb => -1,
        _ => 1,
    };

    /// <summary>Metrics of our own that alarms look at.</summary>
    public int Metrics(Way way) => WorkerMetrics + (way is Way.FunctionUrl or Way.CloudFront ? 0 : 1);

    /// <summary>Secrets of the CloudFront way: what tells its requests from others at the function.</summary>
    public int CloudFrontSecrets { get; init; } = 1;

    /// <summary>What Lambda's log lines of the worker's jobs amount to in a run, in bytes.</summary>
    public double WorkerLogBytes { get; init; } = 2_000;
}
