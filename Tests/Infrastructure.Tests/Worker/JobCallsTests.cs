using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.S3.Model;
using Amazon.SQS;
using Catalog.Worker.Tests;
using Infrastructure.Tests.Edge;
using Infrastructure.Worker;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using AnyLake = Catalog.Worker.Tests.Lake;

namespace Infrastructure.Tests.Worker;

/// <summary>What the jobs really call, against what their roles allow: nothing is refused, and nothing is allowed in vain.</summary>
public sealed partial class JobCallsTests(FunctionUrlEdge synthesized) : IClassFixture<FunctionUrlEdge>
{
    private static readonly DateTimeOffset Nine = new(2026, 3, 15, 9, 0, 0, TimeSpan.Zero);

    // Not seen, and needed all the same.
    private static readonly string[] OutOfSight =
    [
        // Athena's, for whoever asks: it reads the catalog and the data, writes results, and makes and drops views.
        "glue:BatchGetPartition", "glue:CreateTable", "glue:DeleteTable", "glue:GetDatabase", "glue:GetTables",
        "s3:AbortMultipartUpload", "s3:GetBucketLocation", "s3:ListMultipartUploadParts",

        // Only when somebody ends a run in its middle.
        "athena:StopQueryExecution",

        // Never called by some, but without it S3 answers 403 in place of 404.
        "s3:ListBucket",

        // LocalCloud's buckets keep no versions.
        "s3:DeleteObjectVersion",

        // Lambda's own: it writes the log and hands on what failed.
        "logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage",
    ];

    private Template Worker => synthesized.Of(PixelWorkerStack.DefaultName);

    [Fact]
    public async Task Every_call_of_every_job_is_allowed_and_every_action_that_is_allowed_is_used()
    {
        Assert.SkipUnless(NodeRuntime.IsThere(), SynthesizedEdge.NoNode);
        var seen = new SeenCalls();
        await using var lake = await TemplateLake.StartAsync(
            new() { ["DataFormat"] = "json" },
            new() { ["Jobs:retention:KeepRollup"] = "30.00:00:00", ["Jobs:retention:ThirdParties:short.example"] = "7.00:00:00", ["Jobs:schema:Owner"] = "worker" },
            services => services.AddSingleton<IStartupFilter>(seen));
        var calls = await LiveAsync(lake, seen);

        var problems = new List<string>();
        foreach (var job in ScheduledJob.All)
        {
            var allowed = Allowed($"{job.Id}Role").ToList();
            var used = calls.GetValueOrDefault(job.Name, []);
            problems.AddRange(used.Where(call => !allowed.Any(a => a.Covers(call))).Select(call => $"{job.Name} calls {call.Action} on {call.Resource} and may not."));
            problems.AddRange(InVain(Own($"{job.Id}Role"), used).Select(action => $"{job.Name} may {action} and never does."));
        }

        // What several jobs share is used by at least one of them.
        foreach (var (id, policy) in Worker.OfType("AWS::IAM::ManagedPolicy"))
        {
            var used = ScheduledJob.All.Where(job => Shared($"{job.Id}Role").Contains(id)).SelectMany(job => calls[job.Name]);
            problems.AddRange(InVain(Document(policy).SelectMany(Permissions), used).Select(action => $"Of those who share {id} nobody does {action}."));
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    /// <summary>A life of the lake in which each job finds everything that it may have to do.</summary>
    private static async Task<Dictionary<string, HashSet<(string Action, string Resource)>>> LiveAsync(TemplateLake lake, SeenCalls seen)
    {
        var calls = new Dictionary<string, HashSet<(string, string)>>();
        var sqs = lake.Cloud.Client<AmazonSQSClient, AmazonSQSConfig>((credentials, config) => new(credentials, config));
        var queue = (await sqs.CreateQueueAsync("pixel-overflow")).QueueUrl;
        await using var worker = await lake.StartWorkerAsync(new() { ["Jobs:redrive:QueueUrl"] = queue });
        string[] all = [.. ScheduledJob.All.Select(j => j.Name)];
        await RunAsync("views", "load-partitions");

        foreach (var hour in new[] { Nine, Nine.AddDays(-400), Nine.AddDays(-1000), Nine.AddDays(-20), Nine.AddDays(-19) })
        {
            await PutAsync(hour, "a", "mallory", "shop.example");
            await PutAsync(hour, "b", "bob", "short.example");
        }

        await PutAsync(Nine.AddDays(-800), "gone", "bob", "shop.example");
        await RunAsync("repair-partitions", "load-partitions", "rollup", "compaction");
        await lake.S3.PutObjectAsync(Put("errors/format-conversion-failed/2026/03/15/r/1", Error("""{"event_id":"e1","user_id":"bob","is_bot":"perhaps"}""", "not json")));
        await sqs.SendMessageAsync(queue, """{"event_id":"q1","user_id":"bob"}""" + "\n");
        using (var asked = await worker.Http.PostAsJsonAsync("/erasures", new { userId = "mallory" }))
        {
            asked.EnsureSuccessStatusCode();
        }

        using (var asked = await worker.Http.PostAsJsonAsync("/erasures", new { thirdParty = "shop.example" }))
        {
            asked.EnsureSuccessStatusCode();
        }

        await lake.S3.PutObjectAsync(Put("errors/format-conversion-failed/2026/03/15/r/2", Error("""{"event_id":"e2","user_id":"mallory"}""")));
        await lake.S3.PutObjectAsync(Put("errors/processing-failed/2026/03/15/r/3", Error("""{"event_id":"e3","user_id":"mallory"}""", """{"event_id":"e4","user_id":"bob"}""")));
        await RunAsync("erasure", "redrive");

        // A table that was changed, an hour that was lost, a partition that points nowhere, results that are old.
        var table = (await lake.Glue.GetTableAsync(new() { DatabaseName = AnyLake.Database, Name = AnyLake.Table })).Table;
        table.StorageDescriptor.Columns.RemoveAt(table.StorageDescriptor.Columns.Count - 1);
        await lake.Glue.UpdateTableAsync(new()
        {
            DatabaseName = AnyLake.Database,
            TableInput = new() { Name = table.Name, TableType = table.TableType, Parameters = table.Parameters, PartitionKeys = table.PartitionKeys, StorageDescriptor = table.StorageDescriptor },
        });
        await PutAsync(Nine.AddHours(-1), "c", "bob", "other.example");
        await PutAsync(Nine.AddHours(-1), "d", "bob", "other.example");
        await lake.Glue.DeletePartitionAsync(new() { DatabaseName = AnyLake.Database, TableName = AnyLake.Table, PartitionValues = ["2026", "02", "23", "09"] });
        await RunAsync("load-partitions", "repair-partitions", "views", "rollup", "compaction", "schema", "load-partitions", "views", "redrive", "erasure");
        lake.Time.Advance(TimeSpan.FromHours(60));
        await RunAsync(all);
        lake.Time.Advance(TimeSpan.FromHours(25));
        await RunAsync("rollup");
        lake.Time.Advance(TimeSpan.FromHours(35));
        await lake.Athena.StartQueryExecutionAsync(new() { QueryString = "DROP VIEW pages", WorkGroup = AnyLake.Workgroup, QueryExecutionContext = new() { Database = AnyLake.Database } });
        await RunAsync(all);
        await RunAsync(all);
        return calls;

        async Task RunAsync(params string[] jobs)
        {
            foreach (var job in jobs)
            {
                _ = seen.Take();
                await worker.RunAsync(job);
                calls.TryAdd(job, []);
                calls[job].UnionWith(seen.Take());
            }
        }

        Task PutAsync(DateTimeOffset hour, string id, string user, string thirdParty) => lake.S3.PutObjectAsync(Put(
            $"events/{AnyLake.Hive(hour)}pixel-events-1-{id}",
            JsonSerializer.Serialize(new { event_id = $"{hour:yyyyMMddHH}{id}", received_at = $"{hour:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}", event_name = "pageview", user_id = user, third_party = thirdParty }) + "\n"));

        static PutObjectRequest Put(string key, string text) => new() { BucketName = AnyLake.Bucket, Key = key, ContentBody = text };

        static string Error(params string[] events) => JsonSerializer.Serialize(new
        {
            lastErrorCode = "DataFormatConversion.ParseError", rawData = Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Concat(events.Select(e => e + "\n")))),
        }) + "\n";
    }

    private static IEnumerable<string> InVain(IEnumerable<Permission> allowed, IEnumerable<(string Action, string Resource)> used)
        => allowed.Select(a => a.Action).Distinct().Except(used.Select(call => call.Action)).Except(OutOfSight);

    private IEnumerable<Permission> Allowed(string role) => Own(role).Concat(Shared(role).SelectMany(id => Document(Worker.Properties(id))).SelectMany(Permissions));

    private IEnumerable<string> Shared(string role) => Template.Listed(Worker.Properties(role)["ManagedPolicyArns"]).Select(policy => (string)policy!["Ref"]!);

    private IEnumerable<Permission> Own(string role) => Worker.StatementsOf(role)
        .Concat(Worker.OfType("AWS::IAM::Policy").Values.Where(policy => policy["Roles"]!.AsArray().Any(r => (string?)r!["Ref"] == role)).SelectMany(Document))
        .SelectMany(Permissions)
        .Where(permission => !permission.Action.StartsWith("kms:", StringComparison.Ordinal));

    private IEnumerable<Permission> Permissions(JsonNode statement) => Template.Listed(statement["Action"])
        .SelectMany(action => Template.Listed(statement["Resource"]).Select(resource => new Permission((string)action!, Resolve(resource!))));

    private static IEnumerable<JsonNode> Document(JsonNode policy) => policy["PolicyDocument"]!["Statement"]!.AsArray().Select(statement => statement!);

    // As CloudFormation would, with the parameters of the lake that the tests make.
    private string Resolve(JsonNode resource)
    {
        var text = resource switch
        {
            JsonValue value => (string)value!,
            _ when resource["Fn::Sub"] is JsonValue sub => (string)sub!,
            _ when resource["Fn::Sub"] is JsonArray sub => (string)sub[0]!,
            _ => "*",
        };
        return Placeholder().Replace(text, match => match.Groups[1].Value switch
        {
            "AWS::Partition" => "aws",
            "AWS::Region" => "us-east-1",
            "AWS::AccountId" => "000000000000",
            "LakeBucketName" => AnyLake.Bucket,
            var name => (string?)Worker.Parameters[name]?["Default"] ?? "*",
        });
    }

    [GeneratedRegex(@"\$\{([^}]+)\}")]
    private static partial Regex Placeholder();

    private sealed record Permission(string Action, string Resource)
    {
        public bool Covers((string Action, string Resource) call)
            => call.Action == Action && (call.Resource.Length == 0 || Regex.IsMatch(call.Resource, $"^{Regex.Escape(Resource).Replace("\\*", ".*", StringComparison.Ordinal)}$"));
    }
}
