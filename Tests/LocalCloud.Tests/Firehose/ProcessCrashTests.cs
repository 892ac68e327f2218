using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Amazon.Runtime;
using LocalCloud.Firehose.Delivery;
using Record = Amazon.KinesisFirehose.Model.Record;

namespace LocalCloud.Tests.Firehose;

/// <summary>The real program, killed without a word.</summary>
public sealed class ProcessCrashTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("crash").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_acknowledged_record_is_delivered_once_though_the_process_is_killed_again_and_again()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var acknowledged = new HashSet<string>();
        var number = 0;
        for (var life = 0; life < 3; life++)
        {
            using var process = await StartAsync();
            using var firehose = Client(process.Url);
            if (life == 0)
            {
                await CreateAsync(firehose);
            }

            // A flush now and then, so that the end comes in the middle of deliveries as well as of puts.
            using var http = new HttpClient { BaseAddress = new Uri(process.Url) };
            var flushes = Task.Run(async () =>
            {
                try
                {
                    while (!process.HasExited)
                    {
                        await http.PostAsync("/_localcloud/flush", null, cancellation);
                    }
                }
                catch (HttpRequestException)
                {
                    // It was killed while it answered: what this is about.
                }
            }, cancellation);

            for (var batch = 0; batch < 25; batch++)
            {
                var events = Enumerable.Range(0, 100).Select(_ => $"event-{number++}").ToList();
                var response = await firehose.PutRecordBatchAsync("clicks", [.. events.Select(Line)], cancellation);
                Assert.Equal(0, response.FailedPutCount);
                acknowledged.UnionWith(events);
            }

            process.Kill();
            await flushes;
        }

        using var last = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(last.Url) };
        var flushed = await (await client.PostAsync("/_localcloud/flush", null, cancellation)).Content.ReadFromJsonAsync<FlushResult>(cancellation);
        Assert.Empty(flushed!.Failed);

        var delivered = new List<string>();
        using var s3 = new Amazon.S3.AmazonS3Client("k", "s", new Amazon.S3.AmazonS3Config { ServiceURL = last.Url, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        var objects = await s3.ListObjectsV2Async(new Amazon.S3.Model.ListObjectsV2Request { BucketName = "lake" }, cancellation);
        Assert.NotEqual(true, objects.IsTruncated);
        foreach (var stored in objects.S3Objects)
        {
            using var found = await s3.GetObjectAsync("lake", stored.Key, cancellation);
            using var reader = new StreamReader(found.ResponseStream);
            delivered.AddRange((await reader.ReadToEndAsync(cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        Assert.Equal(delivered.Count, delivered.Distinct().Count());
        Assert.Empty(acknowledged.Except(delivered));
    }

    private static Record Line(string text) => new() { Data = new MemoryStream(Encoding.UTF8.GetBytes(text + "\n")) };

    private static async Task CreateAsync(IAmazonKinesisFirehose firehose)
    {
        await firehose.CreateDeliveryStreamAsync(new CreateDeliveryStreamRequest
        {
            DeliveryStreamName = "clicks",
            ExtendedS3DestinationConfiguration = FirehoseLab.Destination("events/"),
        });
        using var s3 = new Amazon.S3.AmazonS3Client("k", "s", new Amazon.S3.AmazonS3Config { ServiceURL = firehose.Config.ServiceURL, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        await s3.PutBucketAsync("lake");
    }

    private static AmazonKinesisFirehoseClient Client(string url) =>
        new(new BasicAWSCredentials("k", "s"), new AmazonKinesisFirehoseConfig { ServiceURL = url, AuthenticationRegion = "us-east-1" });

    private async Task<Running> StartAsync()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in new[]
        {
            Path.Combine(AppContext.BaseDirectory, "LocalCloud.dll"), "--urls", "http://127.0.0.1:0", $"--LocalCloud:DataFolder={_folder}",
            "--Logging:LogLevel:Default=Warning", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information",
        })
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        var said = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            said.AppendLine(line);
            if (line.Split("Now listening on: ") is [_, var url])
            {
                _ = process.StandardOutput.ReadToEndAsync();
                _ = process.StandardError.ReadToEndAsync();
                return new Running(process, url.Trim());
            }
        }

        throw new InvalidOperationException($"LocalCloud did not start: {said}{await process.StandardError.ReadToEndAsync()}");
    }

    private sealed record Running(Process Process, string Url) : IDisposable
    {
        public bool HasExited => Process.HasExited;

        public void Kill()
        {
            Process.Kill();
            Process.WaitForExit();
        }

        public void Dispose()
        {
            if (!Process.HasExited)
            {
                Kill();
            }

            Process.Dispose();
        }
    }
}
