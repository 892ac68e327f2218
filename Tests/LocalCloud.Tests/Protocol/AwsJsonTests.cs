using System.Text;
using System.Text.Json;
using LocalCloud.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace LocalCloud.Tests.Protocol;

public sealed class AwsJsonTests : IAsyncLifetime
{
    private LocalCloudServer _server = null!;

    public async ValueTask InitializeAsync() =>
        _server = await LocalCloudServer.StartAsync(services: services => services.AddAwsJsonService<EchoService>());

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_operation_is_found_by_its_target_and_its_answer_leaves_out_what_is_null()
    {
        var (status, body, response) = await CallAsync("Echo_1.Echo", """{"Text":"é","At":1700000000.5,"Data":"AQI="}""");

        Assert.Equal(200, status);
        Assert.Equal("""{"Text":"é","At":1700000000.5,"Data":"AQI="}""", body);
        Assert.Equal("application/x-amz-json-1.1", response.Content.Headers.ContentType!.ToString());
        Assert.Single(response.Headers.GetValues("x-amzn-RequestId"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"Text":5}""")]
    [InlineData("{\"Text\":\"\u0001\"}")]
    public async Task A_body_that_cannot_be_read_is_a_SerializationException(string body) =>
        Assert.Equal((400, "SerializationException"), await ErrorAsync("Echo_1.Echo", body));

    [Theory]
    [InlineData("Echo_1.Nothing")]
    [InlineData("Nobody.Echo")]
    [InlineData("Echo")]
    [InlineData("")]
    public async Task An_operation_that_nobody_has_is_unknown(string target) =>
        Assert.Equal((400, "UnknownOperationException"), await ErrorAsync(target, "{}"));

    [Fact]
    public async Task An_error_carries_its_type_in_body_and_header()
    {
        var (status, body, response) = await CallAsync("Echo_1.Fail", "{}");

        Assert.Equal(418, status);
        Assert.Equal("""{"__type":"TeapotException","Reason":"short","message":"I am a teapot."}""", body);
        Assert.Equal("TeapotException", response.Headers.GetValues("x-amzn-ErrorType").Single());
    }

    [Fact]
    public async Task What_breaks_unexpectedly_is_an_InternalFailure() =>
        Assert.Equal((500, "InternalFailure"), await ErrorAsync("Echo_1.Break", "{}"));

    [Fact]
    public async Task A_request_of_several_megabytes_arrives_whole()
    {
        var data = new byte[6_000_000];
        var (status, body, _) = await CallAsync("Echo_1.Echo", JsonSerializer.Serialize(new Echo(null, null, data)));

        Assert.Equal(200, status);
        Assert.Equal(data.Length, JsonSerializer.Deserialize<Echo>(body)!.Data!.Length);
    }

    [Fact]
    public async Task Health_names_the_services()
    {
        var health = await _server.Http().GetStringAsync("/_localcloud/health");
        using var json = JsonDocument.Parse(health);
        Assert.Equal("ok", json.RootElement.GetProperty("status").GetString());
        Assert.Contains("echo", json.RootElement.GetProperty("services").EnumerateArray().Select(s => s.GetString()));
        Assert.Contains("s3", json.RootElement.GetProperty("services").EnumerateArray().Select(s => s.GetString()));
    }

    private async Task<(int Status, string Body, HttpResponseMessage Response)> CallAsync(string target, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/");
        request.Headers.TryAddWithoutValidation("X-Amz-Target", target);
        request.Content = new StringContent(body, Encoding.UTF8, "application/x-amz-json-1.1");
        var response = await _server.Http().SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }

    private async Task<(int Status, string Type)> ErrorAsync(string target, string body)
    {
        var (status, content, _) = await CallAsync(target, body);
        using var json = JsonDocument.Parse(content);
        return (status, json.RootElement.GetProperty("__type").GetString()!);
    }

    private sealed record Echo(string? Text, DateTimeOffset? At, byte[]? Data);

    private sealed class EchoService : AwsJsonService
    {
        public EchoService()
            : base("echo", "Echo_1")
        {
            Handle<Echo, Echo>("Echo", (request, _) => request);
            HandleJson("Fail", (_, _, _) => throw new AwsException("TeapotException", "I am a teapot.", 418) { Details = [new("Reason", "short")] });
            HandleJson("Break", (_, _, _) => throw new InvalidOperationException("broken"));
        }
    }
}
