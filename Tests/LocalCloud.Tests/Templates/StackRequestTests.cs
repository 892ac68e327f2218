using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LocalCloud.Tests.Templates;

/// <summary>Stacks that requests make, update and delete.</summary>
public sealed class StackRequestTests : IAsyncLifetime
{
    private LocalCloudServer _cloud = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private AmazonSQSClient Sqs => _cloud.Client<AmazonSQSClient, AmazonSQSConfig>((keys, config) => new(keys, config));

    private readonly ConcurrentQueue<string> _log = new();

    public async ValueTask InitializeAsync() => _cloud = await LocalCloudServer.StartAsync(
        settings: new() { ["LocalCloud:SsmParameters:/pixel/seconds"] = "77" },
        services: services => services.AddSingleton<ILoggerProvider>(new Lines(_log)));

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();

    [Fact]
    public async Task A_stack_that_is_put_is_there_and_says_what_of_it_is_on_paper()
    {
        var stack = await PutAsync(Edge);

        Assert.Equal("Here", (string)stack["resources"]!["Overflow"]!["place"]!);
        Assert.Equal("OnPaper", (string)stack["resources"]!["Beacon"]!["place"]!);
        Assert.Equal(["AWS::IAM::Role", "AWS::Lambda::Function"], Texts(stack["typesOnPaper"]));
        Assert.Equal(["Function"], Texts(stack["outputsOnPaper"]));
        Assert.Equal("arn:aws:lambda:eu-west-1:000000000000:function:" + (string)stack["resources"]!["Beacon"]!["physicalId"]!, (string)stack["outputs"]!["Function"]!);
        Assert.Equal("arn:aws:cloudformation:eu-west-1:000000000000:stack/PixelEdge/", ((string)stack["id"]!)[..62]);

        await Sqs.SendMessageAsync((string)stack["outputs"]!["Url"]!, "kept", Cancellation);
        Assert.Equal("kept", Assert.Single((await Sqs.ReceiveMessageAsync((string)stack["outputs"]!["Url"]!, Cancellation)).Messages).Body);
        var policy = (await Sqs.GetQueueAttributesAsync((string)stack["outputs"]!["Url"]!, ["Policy"], Cancellation)).Attributes["Policy"];
        Assert.Equal("""{"Statement":[{"Effect":"Deny","Resource":"arn:aws:sqs:eu-west-1:000000000000:overflow"}]}""", policy);
    }

    [Fact]
    public async Task The_log_says_plainly_what_is_on_paper()
    {
        await PutAsync(Edge);

        Assert.Contains("Stack PixelEdge is ready: 3 resources here, 2 on paper, 0 elsewhere", _log);
        Assert.Contains("Stack PixelEdge: resources of these types exist on paper only, with nothing behind them: AWS::IAM::Role, AWS::Lambda::Function", _log);
        Assert.Contains("Stack PixelEdge: these outputs name something on paper, and lead nowhere here: Function", _log);
    }

    [Fact]
    public async Task A_template_may_be_a_text_and_its_parameters_are_given_beside_it()
    {
        var stack = await PutAsync(Edge, new() { ["Seconds"] = "45" }, asText: true);

        Assert.Equal("45", await AttributeAsync(stack, "VisibilityTimeout"));
        Assert.Equal("45", (string)stack["parameters"]!["Seconds"]!);
    }

    [Fact]
    public async Task A_parameter_of_Systems_Manager_is_looked_up_in_the_settings()
    {
        var stack = await PutAsync(
            Edge.Replace("\"Type\": \"Number\", \"Default\": 30", "\"Type\": \"AWS::SSM::Parameter::Value<String>\", \"Default\": \"/pixel/seconds\"", StringComparison.Ordinal));

        Assert.Equal("77", await AttributeAsync(stack, "VisibilityTimeout"));
    }

    [Fact]
    public async Task Putting_it_again_updates_what_has_changed_and_deletes_what_is_named_no_more()
    {
        await PutAsync(Edge);
        await Sqs.SendMessageAsync(Url("overflow"), "kept", Cancellation);

        var stack = await PutAsync(
            Edge.Replace("\"Dead\"", "\"Other\"", StringComparison.Ordinal).Replace("\"dead\"", "\"other\"", StringComparison.Ordinal), new() { ["Seconds"] = "60" });

        Assert.Equal(["other", "overflow"], await QueuesAsync());
        Assert.Equal(("60", "1"), (await AttributeAsync(stack, "VisibilityTimeout"), await AttributeAsync(stack, "ApproximateNumberOfMessages")));
    }

    [Fact]
    public async Task What_gets_another_name_takes_the_place_of_what_it_was_unless_that_is_to_stay()
    {
        await PutAsync(Edge);
        var keeping = Edge.Replace("\"Properties\": { \"QueueName\": \"dead\" }", "\"UpdateReplacePolicy\": \"Retain\", \"Properties\": { \"QueueName\": \"dead\" }", StringComparison.Ordinal);

        await PutAsync(keeping.Replace("\"dead\"", "\"deader\"", StringComparison.Ordinal));
        Assert.Equal(["deader", "overflow"], await QueuesAsync());

        await PutAsync(keeping.Replace("\"dead\"", "\"deadest\"", StringComparison.Ordinal));
        Assert.Equal(["deader", "deadest", "overflow"], await QueuesAsync());
    }

    [Fact]
    public async Task Deleting_it_deletes_its_resources_but_those_that_are_to_stay()
    {
        await PutAsync("""
            { "Resources": {
                "Kept": { "Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": { "BucketName": "kept" } },
                "Gone": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": "gone" } },
                "Topic": { "Type": "AWS::SNS::Topic" },
                "Database": { "Type": "AWS::Glue::Database", "Properties": { "CatalogId": "000000000000", "DatabaseInput": { "Name": "pixel" } } },
                "Events": { "Type": "AWS::Glue::Table", "Properties": { "CatalogId": "000000000000", "DatabaseName": { "Ref": "Database" }, "TableInput": { "Name": "events" } } },
                "Group": { "Type": "AWS::Athena::WorkGroup", "Properties": { "Name": "pixel" } },
                "Stream": { "Type": "AWS::KinesisFirehose::DeliveryStream", "Properties": { "DeliveryStreamName": "events", "ExtendedS3DestinationConfiguration": {
                  "BucketARN": { "Fn::GetAtt": ["Gone", "Arn"] }, "RoleARN": "arn:aws:iam::000000000000:role/r" } } }
            } }
            """);

        Assert.Equal(HttpStatusCode.NoContent, (await _cloud.Http().DeleteAsync("/_localcloud/stacks/PixelEdge", Cancellation)).StatusCode);

        Assert.Equal(["kept"], (await _cloud.S3().ListBucketsAsync(Cancellation)).Buckets.Select(bucket => bucket.BucketName));
        Assert.Equal("[]", await _cloud.Http().GetStringAsync("/_localcloud/stacks", Cancellation));
        Assert.Equal(HttpStatusCode.NotFound, (await _cloud.Http().DeleteAsync("/_localcloud/stacks/PixelEdge", Cancellation)).StatusCode);
        // All of them can be made again, which they could not if one were left.
        await PutAsync("""{ "Resources": { "Database": { "Type": "AWS::Glue::Database", "Properties": { "CatalogId": "0", "DatabaseInput": { "Name": "pixel" } } } } }""");
    }

    [Fact]
    public async Task A_bucket_that_is_not_empty_is_not_deleted_and_the_stack_stays_with_it()
    {
        await PutAsync("""{ "Resources": { "Lake": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": "lake" } }, "Q": { "Type": "AWS::SQS::Queue", "DependsOn": "Lake" } } }""");
        await _cloud.S3().PutObjectAsync(new() { BucketName = "lake", Key = "event", ContentBody = "kept" }, Cancellation);

        var refused = await _cloud.Http().DeleteAsync("/_localcloud/stacks/PixelEdge", Cancellation);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.StartsWith("Lake (AWS::S3::Bucket) was not deleted: BucketNotEmpty: ", (string)(await refused.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!["error"]!);
        Assert.Equal(["Lake"], (await _cloud.Http().GetFromJsonAsync<JsonArray>("/_localcloud/stacks", Cancellation))!.Single()!["resources"]!.AsObject().Select(resource => resource.Key));
        await _cloud.S3().DeleteObjectAsync("lake", "event", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, (await _cloud.Http().DeleteAsync("/_localcloud/stacks/PixelEdge", Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("""{ "Resources": { "Q": { "Type": "AWS::SQS::Queue" }, "Users": { "Type": "AWS::DynamoDB::Table" } } }""", "Users.Type is AWS::DynamoDB::Table, which LocalCloud does not have; *")]
    [InlineData("""{ "Resources": { "Q": { "Type": "AWS::SQS::Queue" }, "F": { "Type": "AWS::Lambda::Function", "Properties": { "Code": {} } } } }""", "F.Role is missing.")]
    [InlineData("""{ "Resources": { "Q": { "Type": "AWS::SQS::Queue" }, "P": { "Type": "AWS::SQS::QueuePolicy", "Properties": { "PolicyDocument": {}, "Queues": [{ "Fn::GetAtt": ["Q", "Color"] }] } } } }""", "P.Queues[0] asks Q for 'Color', but AWS::SQS::Queue has only Arn, QueueName, QueueUrl.")]
    [InlineData("""{ "Resources": { "Q": { "Type": "AWS::SQS::Queue" } }, "Outputs": { "O": { "Value": { "Ref": "Nobody" } } } }""", "Outputs.O refers to 'Nobody', which is neither a parameter nor a resource of the template.")]
    [InlineData("""{ "Resources": { "Q": { "Type": "AWS::SQS::Queue" }, "R": { "Type": "AWS::SQS::Queue", "Properties": { "QueueName": "{{resolve:ssm:/name}}" } } } }""", "R (AWS::SQS::Queue) refers to a secret or an SSM parameter by {{resolve:…}}, which LocalCloud does not look up.")]
    [InlineData("""{ "Resources": { "Q": { "Type": "AWS::SQS::Queue", "DeletionPolicy": "Keep" } } }""", "Q.DeletionPolicy must be Delete, Retain, RetainExceptOnCreate or Snapshot.")]
    [InlineData("not JSON", "The template is not JSON at line 1: *")]
    public async Task A_wrong_template_is_refused_with_one_sentence_and_changes_nothing(string template, string sentence)
    {
        var refused = await _cloud.Http().PutAsJsonAsync("/_localcloud/stacks/PixelEdge", new { template }, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.StartsWith(sentence.TrimEnd('*'), (string)(await refused.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!["error"]!);
        Assert.Empty(await QueuesAsync());
        Assert.Equal("[]", await _cloud.Http().GetStringAsync("/_localcloud/stacks", Cancellation));
    }

    [Theory]
    [InlineData("PixelEdge", """{ "Colour": "red" }""", null, "Parameters.Colour is not a parameter of the template, which has Seconds.")]
    [InlineData("PixelEdge", """{ "Seconds": "many" }""", null, "Parameters.Seconds must be a number, not 'many'.")]
    [InlineData("PixelEdge", "{}", "Europe", "Europe is no region.")]
    [InlineData("Pixel_Edge", "{}", null, "A stack's name must be letters, digits and hyphens, starting with a letter, at most 128.")]
    public async Task A_wrong_value_is_refused_with_one_sentence(string name, string parameters, string? region, string sentence)
    {
        var refused = await _cloud.Http().PutAsJsonAsync(
            $"/_localcloud/stacks/{name}", new { template = Edge, parameters = JsonNode.Parse(parameters), region }, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(sentence, (string)(await refused.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!["error"]!);
    }

    [Fact]
    public async Task What_a_service_refuses_leaves_what_came_before_it_and_the_next_attempt_goes_on()
    {
        const string wrong = """{ "Resources": { "Q": { "Type": "AWS::SQS::Queue", "Properties": { "QueueName": "q" } }, "Lake": { "Type": "AWS::S3::Bucket", "DependsOn": "Q", "Properties": { "BucketName": "X" } } } }""";
        var refused = await _cloud.Http().PutAsJsonAsync("/_localcloud/stacks/PixelEdge", new { template = wrong }, Cancellation);

        Assert.StartsWith("Lake (AWS::S3::Bucket) was refused with InvalidBucketName: ", (string)(await refused.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!["error"]!);
        Assert.Equal(["q"], await QueuesAsync());
        await PutAsync(wrong.Replace("\"X\"", "\"lake\"", StringComparison.Ordinal));
        await _cloud.Http().DeleteAsync("/_localcloud/stacks/PixelEdge", Cancellation);
        Assert.Empty(await QueuesAsync());
    }

    private const string Edge = """
        {
          "Parameters": { "Seconds": { "Type": "Number", "Default": 30 } },
          "Resources": {
            "Role": { "Type": "AWS::IAM::Role", "Properties": { "AssumeRolePolicyDocument": {} } },
            "Beacon": { "Type": "AWS::Lambda::Function", "Properties": { "Role": { "Fn::GetAtt": ["Role", "Arn"] }, "Code": { "S3Bucket": "b", "S3Key": "k" },
              "Environment": { "Variables": { "Secret": "{{resolve:secretsmanager:origin:SecretString}}" } } } },
            "Dead": { "Type": "AWS::SQS::Queue", "Properties": { "QueueName": "dead" } },
            "Overflow": { "Type": "AWS::SQS::Queue", "Properties": { "QueueName": "overflow", "VisibilityTimeout": { "Ref": "Seconds" },
              "RedrivePolicy": { "deadLetterTargetArn": { "Fn::GetAtt": ["Dead", "Arn"] }, "maxReceiveCount": 3 } } },
            "Policy": { "Type": "AWS::SQS::QueuePolicy", "Properties": { "Queues": [{ "Ref": "Overflow" }],
              "PolicyDocument": { "Statement": [{ "Effect": "Deny", "Resource": { "Fn::GetAtt": ["Overflow", "Arn"] } }] } } }
          },
          "Outputs": {
            "Url": { "Value": { "Ref": "Overflow" } },
            "Function": { "Value": { "Fn::GetAtt": ["Beacon", "Arn"] } }
          }
        }
        """;

    private async Task<JsonNode> PutAsync(string template, Dictionary<string, string>? parameters = null, bool asText = false)
    {
        var answer = await _cloud.Http().PutAsJsonAsync(
            "/_localcloud/stacks/PixelEdge",
            new { template = asText ? JsonValue.Create(template) : JsonNode.Parse(template), parameters, region = "eu-west-1" },
            Cancellation);
        var body = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!;
    }

    private string Url(string queue) => $"{_cloud.Url}/000000000000/{queue}";

    private async Task<string> AttributeAsync(JsonNode stack, string attribute) =>
        (await Sqs.GetQueueAttributesAsync((string)stack["outputs"]!["Url"]!, [attribute], Cancellation)).Attributes[attribute];

    private async Task<IEnumerable<string>> QueuesAsync() =>
        ((await Sqs.ListQueuesAsync(new ListQueuesRequest(), Cancellation)).QueueUrls ?? []).Select(url => url.Split('/')[^1]).Order();

    /// <summary>Keeps every line of the log.</summary>
    private sealed class Lines(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(item => (string)item!);
}
