using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace LocalCloud.Tests.Sqs;

/// <summary>What goes over the wire, in the protocol of today and in the older one.</summary>
public sealed class QueryProtocolTests : IAsyncLifetime
{
    private static readonly XNamespace Ns = "http://queue.amazonaws.com/doc/2012-11-05/";

    private SqsLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await SqsLab.StartAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task An_error_in_JSON_carries_the_older_code_in_a_header()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/");
        request.Headers.Add("X-Amz-Target", "AmazonSQS.GetQueueUrl");
        request.Content = new StringContent("""{"QueueName":"none"}""", null, "application/x-amz-json-1.0");
        using var response = await _lab.Server.Http().SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/x-amz-json-1.0", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("AWS.SimpleQueueService.NonExistentQueue;Sender", response.Headers.GetValues("x-amzn-query-error").Single());
        Assert.Equal("""{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task JSON_is_understood_at_the_queues_own_url_as_well()
    {
        var url = await _lab.CreateAsync("overflow");
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Headers.Add("X-Amz-Target", "AmazonSQS.SendMessage");
        request.Content = new StringContent(JsonSerializer.Serialize(new { QueueUrl = url, MessageBody = "x" }), null, "application/x-amz-json-1.0");
        using var response = await _lab.Server.Http().SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["x"], await _lab.BodiesAsync(url));
    }

    [Fact]
    public async Task Every_operation_has_a_form()
    {
        var created = await CallAsync("/", """
            Action=CreateQueue&QueueName=overflow&Attribute.1.Name=VisibilityTimeout&Attribute.1.Value=7&Attribute.2.Name=DelaySeconds&Attribute.2.Value=0&Tag.1.Key=a&Tag.1.Value=1
            """);
        var url = Text(created, "QueueUrl");
        Assert.Equal($"{_lab.Server.Url}/000000000000/overflow", url);
        Assert.Equal(url, Text(await CallAsync("/?Action=GetQueueUrl&QueueName=overflow"), "QueueUrl"));
        Assert.Equal([url], (await CallAsync("/", "Action=ListQueues&QueueNamePrefix=over")).Descendants(Ns + "QueueUrl").Select(element => element.Value));

        var attributes = await CallAsync("/", $"Action=GetQueueAttributes&QueueUrl={url}&AttributeName.1=VisibilityTimeout&AttributeName.2=QueueArn");
        Assert.Equal(
            ["QueueArn=arn:aws:sqs:us-east-1:000000000000:overflow", "VisibilityTimeout=7"],
            attributes.Descendants(Ns + "Attribute").Select(pair => $"{pair.Element(Ns + "Name")!.Value}={pair.Element(Ns + "Value")!.Value}").Order());
        var tags = await CallAsync("/", $"Action=ListQueueTags&QueueUrl={url}");
        Assert.Equal(("a", "1"), (Text(tags, "Key"), Text(tags, "Value")));

        var sent = await CallAsync("/", $"Action=SendMessage&QueueUrl={url}&MessageBody=%3Ca%3E%0D%0A%C3%A9&MessageAttribute.1.Name=n&MessageAttribute.1.Value.DataType=Number&MessageAttribute.1.Value.StringValue=5");
        var received = await CallAsync("/", $"Action=ReceiveMessage&QueueUrl={url}&AttributeName.1=All&MessageAttributeName.1=All&MaxNumberOfMessages=10&WaitTimeSeconds=0");
        Assert.Equal("<a>\r\né", Text(received, "Body"));
        Assert.Equal(Text(sent, "MD5OfMessageBody"), Text(received, "MD5OfBody"));
        Assert.Equal(Text(sent, "MD5OfMessageAttributes"), Text(received, "MD5OfMessageAttributes"));
        Assert.Equal("5", received.Descendants(Ns + "MessageAttribute").Single().Element(Ns + "Value")!.Element(Ns + "StringValue")!.Value);
        Assert.Contains("ApproximateReceiveCount", received.Descendants(Ns + "Attribute").Select(pair => pair.Element(Ns + "Name")!.Value));

        var handle = Text(received, "ReceiptHandle");
        await CallAsync("/", $"Action=ChangeMessageVisibility&QueueUrl={url}&ReceiptHandle={handle}&VisibilityTimeout=5");
        await CallAsync("/", $"Action=DeleteMessage&QueueUrl={url}&ReceiptHandle={handle}");

        var batch = await CallAsync("/", $"Action=SendMessageBatch&QueueUrl={url}&SendMessageBatchRequestEntry.1.Id=one&SendMessageBatchRequestEntry.1.MessageBody=x&SendMessageBatchRequestEntry.1.DelaySeconds=0&SendMessageBatchRequestEntry.2.Id=two&SendMessageBatchRequestEntry.2.MessageBody=");
        Assert.Equal("one", batch.Descendants(Ns + "SendMessageBatchResultEntry").Single().Element(Ns + "Id")!.Value);
        Assert.Equal("true", batch.Descendants(Ns + "BatchResultErrorEntry").Single().Element(Ns + "SenderFault")!.Value);
        await CallAsync("/", $"Action=DeleteQueue&QueueUrl={url}");
    }

    [Fact]
    public async Task A_form_at_a_queues_url_is_about_that_queue()
    {
        var url = await _lab.CreateAsync("overflow");
        await CallAsync("/000000000000/overflow", "Action=SendMessage&MessageBody=x");
        Assert.Equal("x", Text(await CallAsync("/000000000000/overflow?Action=ReceiveMessage&Version=2012-11-05"), "Body"));
        Assert.Equal((0, 1, 0), await _lab.CountAsync(url));
    }

    [Theory]
    [InlineData("Action=GetQueueUrl&QueueName=none", "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")]
    [InlineData("Action=SendMessage&QueueUrl=http%3A%2F%2Flocalhost%2F000000000000%2Foverflow&MessageBody=x&DelaySeconds=soon", "InvalidParameterValue", "Value soon for parameter DelaySeconds is invalid. Reason: Must be an integer.")]
    [InlineData("Action=CreateQueue&QueueName.1=a&QueueName=b", "MalformedInput", "The parameter QueueName does not fit the others.")]
    [InlineData("Action=CreateQueue&QueueName=a&Attribute.x.Name=b", "MalformedInput", "The parameter x does not fit the others.")]
    public async Task An_error_in_XML_has_the_older_code(string form, string code, string message)
    {
        await _lab.CreateAsync("overflow");
        using var response = await PostAsync("/", form);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = XDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(("Sender", code, message), (Text(error, "Type"), Text(error, "Code"), Text(error, "Message")));
    }

    [Fact]
    public async Task S3_still_has_what_is_not_of_a_queue()
    {
        using var http = _lab.Server.Http();
        await http.PutAsync("/000000000000", null);
        await http.PutAsync("/000000000000/overflow", new StringContent("an object"));
        Assert.Equal("an object", await http.GetStringAsync("/000000000000/overflow"));
    }

    private async Task<XDocument> CallAsync(string path, string? form = null)
    {
        using var response = form is null ? await _lab.Server.Http().GetAsync(path) : await PostAsync(path, form);
        var content = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, content);
        return XDocument.Parse(content);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string form) =>
        _lab.Server.Http().PostAsync(path, new StringContent(form.Trim() + "&Version=2012-11-05", Encoding.UTF8, "application/x-www-form-urlencoded"));

    private static string Text(XDocument document, string name) => document.Descendants(Ns + name).First().Value;
}
