using System.Globalization;
using Cli.Cost.Model;

namespace Cli.Cost.Output;

/// <summary>What is assumed, for docs/cost.md.</summary>
internal static class AssumptionRows
{
    public static IEnumerable<string[]> Of(Assumptions a) =>
    [
        ["traffic", "spread evenly", "waves cost load balancers and Fargate a little more; quotas are met by their peaks"],
        ["a month", "730 hours", "a twelfth of a year; a million a day is 30.4 million a month"],
        ["an event, JSON", $"{N(a.EventBytes)} bytes", "measured: the demo's visitors through the beacon"],
        ["a request with headers", $"{N(a.RequestBytes)} bytes", "the benchmarks' request has about as many"],
        ["an answer", $"{N(a.AnswerBytes)} bytes; + {N(a.LambdaHeaderBytes)} from Lambda; + {N(a.CloudFrontHeaderBytes)} from CloudFront", "measured: 197 of headers and 43 of image; what AWS adds is counted from its header names, at HTTP/1.1"],
        ["new connections", $"{N(a.ConnectionsPerRequest)} a request, each {N(a.HandshakeOutBytes)} bytes out and {N(a.HandshakeInBytes)} in, open for {N(a.ConnectionLife.TotalSeconds)} s", "how many is not measured: many visitors load one page and go; most of a handshake is certificates: 4,350 bytes with an RSA one of ACM's (published outputs of `openssl s_client`), a few hundred when it is resumed"],
        ["TLS and TCP around them", $"{N(a.FramingBytes)} bytes each way", "not measured"],
        ["who bills handshakes", a.ManagedEdgesBillHandshakes ? "everybody" : "load balancers and what leaves them; not API Gateway, Function URLs and CloudFront", "AWS documents the bytes of answers; see what it costs if that is wrong"],
        ["the beacon in Lambda", $"arm64, {N(a.LambdaGigabytes * 1024)} MB, {N(a.LambdaDuration.TotalMilliseconds)} ms a request", "not measured on AWS: some milliseconds of a seventh of a processor, and Firehose's answer; starts included"],
        ["Lambda's log", a.LambdaLogBytes == 0 ? "nothing for a request" : $"{N(a.LambdaLogBytes)} bytes a request", "the template sets `LogFormat` JSON and `SystemLogLevel` WARN"],
        ["the HTTP API's access log", $"{N(a.AccessLogBytes)} bytes a request, kept for {N(a.LogDays)} days", "without address and query, in short names, and the 26 that CloudWatch adds"],
        ["other access logs", "none", "of CloudFront, load balancers and WAF"],
        ["a Fargate task", $"arm64, {N(a.TaskProcessors)} processors, {N(a.TaskGigabytes)} GB; {N(a.ProcessorTime.TotalMicroseconds)} µs a request; more tasks above {N(100 * a.TaskLoad)} % load; at least {N(a.LeastTasks)}", "the benchmark has 17 µs with delivery; the rest is for signing and encrypting puts and for slower processors"],
        ["public IPv4 addresses", $"{N(a.Zones)} of the load balancer{(a.TasksHaveAddresses ? " and one a task" : "")}", "tasks reach Firehose without a NAT gateway"],
        ["puts on Fargate", $"what came within {N(a.GroupWait.TotalMilliseconds)} ms at one task is one record", "`Delivery:GroupWait`; arrivals at random"],
        ["the journal on EFS", $"{N(a.JournalGigabytes)} GB a task, {N(a.JournalWrittenGigabytes)} GB written a month", "it takes only what Firehose refuses"],
        ["web ACL", $"{N(a.WafRules)} rules and managed groups", "common, known bad inputs, reputation, address list, rate"],
        ["Firehose's buffer", $"{N(a.Buffer.TotalSeconds)} s or {N(a.BufferMebibytes)} MiB", "production's values; the template's default of 15 s is for trying out"],
        ["an event, Parquet", $"{N(a.ParquetBytes)} bytes", "measured: 77 for the demo, whose pages are few and whose browsers, countries and visitors are empty; taken twice"],
        ["kept", $"{N(a.KeptDays)} days: Standard to day {N(a.StandardDays)}, Standard-IA to day {N(a.InfrequentDays)}, then Glacier Instant Retrieval", "the lake's lifecycle; the amounts are those after two years, at first storage costs almost nothing"],
        ["encryption", a.Keys == 0 ? "SSE-S3" : "a KMS key, with bucket keys", "the template's default"],
        ["the worker", $"one Lambda function a job, {N(a.WorkerGigabytes * 1024)} MB, on its schedules: see below", $"{N(a.PutsPerRun)} PUT and LIST, {N(a.GetsPerRun)} GET and {N(a.CatalogRequestsPerRun)} catalog requests a run; measured against LocalCloud: 6.4, 1.0 and 2.9 in a worker that goes on"],
        ["what people ask Athena", $"{N(a.QuestionsPerDay)} questions a day, each {N(a.QuestionBytes)} bytes of each event of one day", "long ranges read `daily_rollup`"],
        ["refused by Firehose", $"{(100 * a.RefusedShare).ToString("0.##", CultureInfo.InvariantCulture)} % of events", "Lambda puts them into SQS"],
        ["watching", $"{N(a.EdgeAlarms(Way.FunctionUrl) + a.WorkerAlarms)} alarms with a function URL, {N(a.EdgeAlarms(Way.FargateNlb) + a.WorkerAlarms)} with a network load balancer, else {N(a.EdgeAlarms(Way.HttpApi) + a.WorkerAlarms)}; {N(a.Metrics(Way.FunctionUrl))} metric of our own, {N(a.Metrics(Way.HttpApi))} with the HTTP API and Fargate; {N(a.Dashboards)} dashboard", "counted in the templates; the worker's dashboard is made for who asks for it; no traces, no Container Insights"],
        ["secrets", $"{N(a.CloudFrontSecrets)} with CloudFront", "what tells its requests from others"],
    ];

    private static string N(double number) => Words.Number(number);
}
