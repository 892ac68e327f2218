using System.Collections.Concurrent;
using System.Diagnostics;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace ServiceDefaults.Tests;

public sealed class AwsSpanTests
{
    [Fact]
    public async Task A_call_of_AWS_is_a_span_named_by_service_and_operation()
    {
        await using var aws = await AwsAsync();
        var (app, spans) = await ServiceAsync(aws);
        await using (app)
        {
            await app.Services.GetRequiredService<IAmazonS3>().ListObjectsV2Async(new ListObjectsV2Request { BucketName = "lake" });
            await app.Services.GetRequiredService<IAmazonSecurityTokenService>().GetCallerIdentityAsync(new GetCallerIdentityRequest());
            await app.Services.GetRequiredService<IAmazonKinesisFirehose>().PutRecordBatchAsync(
                new PutRecordBatchRequest { DeliveryStreamName = "events", Records = [new() { Data = new MemoryStream([1]) }] });
        }

        Assert.Equal(["S3 ListObjectsV2", "STS GetCallerIdentity", "Firehose PutRecordBatch"], Of(spans, aws).Select(span => span.DisplayName));
        var put = Of(spans, aws).Last();
        Assert.Equal("aws-api", put.GetTagItem("rpc.system"));
        Assert.Equal("Firehose", put.GetTagItem("rpc.service"));
        Assert.Equal("PutRecordBatch", put.GetTagItem("rpc.method"));
        Assert.Null(put.GetTagItem("http.request.method")); // with it the Aspire dashboard would call the span "HTTP POST 200"
    }

    [Fact]
    public async Task A_call_that_is_retried_has_its_name_every_time()
    {
        var calls = 0;
        await using var aws = await AwsAsync(_ => Interlocked.Increment(ref calls) == 1 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
        var (app, spans) = await ServiceAsync(aws);
        await using (app)
        {
            await app.Services.GetRequiredService<IAmazonS3>().ListObjectsV2Async(new ListObjectsV2Request { BucketName = "lake" });
        }

        Assert.Equal(["S3 ListObjectsV2", "S3 ListObjectsV2"], Of(spans, aws).Select(span => span.DisplayName));
    }

    [Fact]
    public async Task Other_requests_keep_their_name_also_after_a_call_of_AWS()
    {
        await using var aws = await AwsAsync();
        var (app, spans) = await ServiceAsync(aws);
        await using (app)
        {
            await app.Services.GetRequiredService<IAmazonS3>().ListObjectsV2Async(new ListObjectsV2Request { BucketName = "lake" });
            using var http = new HttpClient();
            await http.GetStringAsync(aws.Urls.Single(), TestContext.Current.CancellationToken);
        }

        var last = Of(spans, aws).Last();
        Assert.Equal("GET", last.DisplayName);
        Assert.Null(last.GetTagItem("rpc.service"));
    }

    private static async Task<(WebApplication App, ConcurrentQueue<Activity> Spans)> ServiceAsync(WebApplication aws)
    {
        var spans = new ConcurrentQueue<Activity>();
        var app = await Service.StartAsync(
            builder =>
            {
                builder.Services.AddAwsClient<IAmazonS3>(config => config.RetryMode = Amazon.Runtime.RequestRetryMode.Standard);
                builder.Services.AddAwsClient<IAmazonSecurityTokenService>().AddAwsClient<IAmazonKinesisFirehose>();
                builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddProcessor(new Recorder(spans)));
            },
            ("AWS:ServiceURL", aws.Urls.Single()), ("AWS:AccessKey", "id"), ("AWS:SecretKey", "secret"));
        return (app, spans);
    }

    /// <summary>Other tests of this process send requests too; these went to this server.</summary>
    private static IEnumerable<Activity> Of(ConcurrentQueue<Activity> spans, WebApplication aws) =>
        spans.Where(span => span.Kind == ActivityKind.Client && Equals(span.GetTagItem("server.port"), new Uri(aws.Urls.Single()).Port));

    private sealed class Recorder(ConcurrentQueue<Activity> spans) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => spans.Enqueue(data);
    }

    /// <summary>Answers what the three services would.</summary>
    private static async Task<WebApplication> AwsAsync(Func<HttpContext, int>? status = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.StatusCode = status?.Invoke(context) ?? StatusCodes.Status200OK;
            var isJson = context.Request.Headers.ContainsKey("X-Amz-Target");
            context.Response.ContentType = isJson ? "application/x-amz-json-1.1" : "text/xml";
            return context.Response.WriteAsync(isJson
                ? """{"FailedPutCount":0,"RequestResponses":[{"RecordId":"1"}]}"""
                : context.Request.Method == "POST"
                    ? """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"""
                    : """<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>lake</Name><KeyCount>0</KeyCount></ListBucketResult>""");
        });
        await app.StartAsync();
        return app;
    }
}
