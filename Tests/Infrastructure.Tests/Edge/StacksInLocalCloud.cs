using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Amazon.SQS;
using Infrastructure.Edge;
using LocalCloud.Tests;

namespace Infrastructure.Tests.Edge;

/// <summary>A real LocalCloud whose loader deploys the templates of one way, as <c>deploy.sh</c> does: each after those whose outputs it takes.</summary>
public sealed class StacksInLocalCloud : IAsyncDisposable
{
    /// <summary>Where everything goes that need not be in us-east-1.</summary>
    public const string Region = "eu-central-1";

    /// <summary>What has every condition of the templates hold.</summary>
    public static IReadOnlyDictionary<string, string> Everything { get; } = new Dictionary<string, string>
    {
        ["AlarmEmail"] = "me@example.com",
        ["AlertWebhookUrl"] = "https://chat.example.com/hook",
        ["BeaconMaxConcurrency"] = "100",
        ["BlockedAddresses"] = "192.0.2.0/24,198.51.100.7/32",
        ["BlockedAddressesV6"] = "2001:db8::/32",
        ["BucketName"] = "pixel-lake",
        ["CertificateArn"] = "arn:aws:acm:eu-central-1:123456789012:certificate/0d3f5c1e-1111-2222-3333-444455556666",
        ["DomainName"] = "px.example.com",
        ["HostedZoneId"] = "Z0123456789ABC",
        ["KeyArn"] = "arn:aws:kms:eu-central-1:123456789012:key/0d3f5c1e-1111-2222-3333-444455556666",
        ["ProducerAccountIds"] = "111111111111,222222222222",
        ["ProducerExternalId"] = "pixel-of-mine",
        ["WithDashboard"] = "yes",
        ["WorkerAccountId"] = "222222222222",
    };

    // What only whoever deploys can say.
    private static readonly Dictionary<string, string> Needed = new()
    {
        ["DomainName"] = "px.example.com",
        ["ImageRepository"] = "pixelaspire/beacon",
        ["ImageTag"] = "0123456789ab",
        ["PackageBucket"] = "packages-of-mine",
        ["PackageKey"] = "pixelaspire/package.zip",
    };

    // What LocalCloud has; all else is on paper.
    private static readonly HashSet<string> TypesHere =
    [
        "AWS::Athena::WorkGroup", "AWS::Glue::Database", "AWS::Glue::Table", "AWS::KinesisFirehose::DeliveryStream", "AWS::S3::Bucket", "AWS::S3::BucketPolicy",
        "AWS::SQS::Queue", "AWS::SQS::QueuePolicy",
    ];

    private readonly LocalCloudServer _cloud;

    private StacksInLocalCloud(LocalCloudServer cloud) => _cloud = cloud;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The official client of SQS.</summary>
    public AmazonSQSClient Sqs => _cloud.Client<AmazonSQSClient, AmazonSQSConfig>((keys, config) => new(keys, config));

    /// <summary>The server.</summary>
    public LocalCloudServer Cloud => _cloud;

    public static async Task<StacksInLocalCloud> StartAsync() => new(await LocalCloudServer.StartAsync());

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();

    /// <summary>Deploys, or updates, all stacks of a way, and checks what LocalCloud says of each.</summary>
    /// <returns>The outputs of all.</returns>
    public async Task<Dictionary<string, string>> DeployAsync(SynthesizedEdge synthesized, IReadOnlyDictionary<string, string> given)
    {
        var outputs = new Dictionary<string, string>();
        foreach (var stack in synthesized.Stacks)
        {
            var template = synthesized.Of(stack);
            var parameters = template.Parameters
                .Select(parameter => (parameter.Key, Value: outputs.GetValueOrDefault(parameter.Key)
                    ?? given.GetValueOrDefault(parameter.Key)
                    ?? (parameter.Value!["Default"] is null ? Needed[parameter.Key] : null)))
                .Where(parameter => parameter.Value is not null)
                .ToDictionary(parameter => parameter.Key, parameter => parameter.Value!);

            var deployed = await PutAsync(stack, template.Root, parameters);

            var conditions = new Conditions(template, parameters);
            Assert.Equal(
                template.Resources.Where(IsThere).Select(resource => $"{resource.Key} {PlaceOf((string)resource.Value!["Type"]!)}").Order(),
                deployed["resources"]!.AsObject().Select(resource => $"{resource.Key} {(string)resource.Value!["place"]!}").Order());
            foreach (var (name, value) in deployed["outputs"]!.AsObject())
            {
                outputs[name] = (string)value!;
                Assert.DoesNotContain("${", outputs[name]);
            }

            Assert.Equal(template.Outputs.Where(IsThere).Select(output => output.Key).Order(), deployed["outputs"]!.AsObject().Select(output => output.Key).Order());

            bool IsThere(KeyValuePair<string, JsonNode?> one) => (string?)one.Value!["Condition"] is not { } condition || conditions.Hold(condition);
        }

        return outputs;
    }

    /// <summary>Deletes them, from the last to the first.</summary>
    public async Task DeleteAsync(SynthesizedEdge synthesized)
    {
        foreach (var stack in synthesized.Stacks.Reverse())
        {
            Assert.Equal(HttpStatusCode.NoContent, (await _cloud.Http().DeleteAsync($"/_localcloud/stacks/{stack}", Cancellation)).StatusCode);
        }

        Assert.Equal("[]", await _cloud.Http().GetStringAsync("/_localcloud/stacks", Cancellation));
    }

    /// <summary>Puts one stack, which must be taken.</summary>
    public async Task<JsonNode> PutAsync(string stack, JsonNode template, Dictionary<string, string> parameters)
    {
        var answer = await RequestAsync(stack, template, parameters);
        var body = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, $"{stack}: {body}");
        return JsonNode.Parse(body)!;
    }

    /// <summary>Puts one stack that must be refused, and answers why it was.</summary>
    public async Task<string> RefusedAsync(string stack, JsonNode template, Dictionary<string, string> parameters)
    {
        var answer = await RequestAsync(stack, template, parameters);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!["error"]!;
    }

    private Task<HttpResponseMessage> RequestAsync(string stack, JsonNode template, Dictionary<string, string> parameters) =>
        _cloud.Http().PutAsJsonAsync(
            $"/_localcloud/stacks/{stack}",
            new { template, parameters, region = stack is PixelEdgeGlobalStack.DefaultName or PixelEdgeWatchStack.DefaultName ? PixelEdgeGlobalStack.OnlyRegion : Region },
            Cancellation);

    /// <summary>What a template's conditions come to: a reading of its own, so that the loader's is held against it.</summary>
    private sealed class Conditions(Template template, Dictionary<string, string> parameters)
    {
        public bool Hold(string name) => Is(template.Root["Conditions"]![name]!);

        private bool Is(JsonNode expression) => expression.AsObject().Single() switch
        {
            ("Fn::Not", var one) => !Is(one![0]!),
            ("Fn::And", var all) => all!.AsArray().All(one => Is(one!)),
            ("Fn::Or", var any) => any!.AsArray().Any(one => Is(one!)),
            ("Condition", var other) => Hold((string)other!),
            ("Fn::Equals", var both) => Text(both![0]!) == Text(both[1]!),
            var (name, _) => throw new InvalidOperationException($"{name} is no condition."),
        };

        private string Text(JsonNode value) => value is not JsonObject function ? (string)value! : function.Single() switch
        {
            ("Ref", var parameter) => parameters.GetValueOrDefault((string)parameter!) ?? $"{template.Parameters[(string)parameter!]!["Default"]}",
            ("Fn::Join", var parts) when parts![1] is JsonObject list => Text(list), // of a list of texts, which are given joined
            ("Fn::Join", var parts) => string.Join((string)parts![0]!, parts[1]!.AsArray().Select(part => Text(part!))),
            var (name, _) => throw new InvalidOperationException($"{name} is not read here."),
        };
    }

    private static string PlaceOf(string type) => TypesHere.Contains(type) ? "Here" : "OnPaper";
}
