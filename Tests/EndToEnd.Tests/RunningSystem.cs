using System.Net;
using System.Text.RegularExpressions;
using Amazon.Athena;
using Amazon.Runtime;
using Amazon.S3;
using Cli.Query;

namespace EndToEnd.Tests;

/// <summary>
/// The built Standalone as a process of its own, on free ports and in a folder that a test may use again for
/// the next process.
/// </summary>
internal sealed partial class RunningSystem : IAsyncDisposable
{
    private static readonly BasicAWSCredentials Keys = new("test", "test");
    private readonly HttpClient _http = new();

    private RunningSystem(RunningProcess process)
    {
        Process = process;
        var addresses = Addresses().Matches(process.Printed).ToDictionary(match => match.Groups["what"].Value, match => new Uri(match.Groups["url"].Value));
        Pixel = addresses["The pixel"];
        Cloud = addresses["AWS APIs"];
        Worker = addresses["Jobs"];
    }

    public RunningProcess Process { get; }

    /// <summary>The pixel's address, path included.</summary>
    public Uri Pixel { get; }

    /// <summary>Where S3, Firehose, Glue and Athena answer.</summary>
    public Uri Cloud { get; }

    /// <summary>Where the catalog's jobs answer.</summary>
    public Uri Worker { get; }

    /// <summary>Starts it and waits for its banner.</summary>
    public static async Task<RunningSystem> StartAsync(string folder, IReadOnlyDictionary<string, string>? environment = null, string? program = null) =>
        await OfAsync(RunningProcess.Start(program ?? Built.Standalone, ["--data", folder, "--port", "0", "--cloud-port", "0", "--worker-port", "0", "--until-input-ends"], environment));

    /// <summary>The system that this process prints the banner of.</summary>
    public static async Task<RunningSystem> OfAsync(RunningProcess process)
    {
        await process.UntilPrintedAsync(printed => printed.Contains("Paste this into a page:") && printed.Contains("<img "));
        return new RunningSystem(process);
    }

    public AmazonS3Client S3() => new(Keys, new AmazonS3Config { ServiceURL = Cloud.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true });

    /// <summary>Makes Firehose deliver what it has and has the new partitions registered.</summary>
    public async Task FlushAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var flushed = await _http.PostAsync(new Uri(Cloud, "_localcloud/flush"), null, cancel);
        Assert.True(flushed.IsSuccessStatusCode, $"flush answered {flushed.StatusCode}");
        using var loaded = await _http.PostAsync(new Uri(Worker, "jobs/load-partitions"), null, cancel);
        // A conflict: the schedule runs it right now. Whoever waits for rows asks again.
        Assert.True(loaded.IsSuccessStatusCode || loaded.StatusCode == HttpStatusCode.Conflict, $"load-partitions answered {loaded.StatusCode}: {await loaded.Content.ReadAsStringAsync(cancel)}");
    }

    /// <summary>Rows of a statement through the Athena API.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string?>>> QueryAsync(string sql)
    {
        using var athena = new AmazonAthenaClient(Keys, new AmazonAthenaConfig { ServiceURL = Cloud.ToString(), AuthenticationRegion = "us-east-1" });
        return (await new AthenaQuery(athena, TimeProvider.System).RunAsync(sql, "pixel", "pixel", TestContext.Current.CancellationToken)).Rows;
    }

    /// <summary>Flushes and asks again until the answer is what is waited for.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string?>>> UntilAsync(string sql, Func<IReadOnlyList<IReadOnlyList<string?>>, bool> isThere)
    {
        while (true)
        {
            await FlushAsync();
            var rows = await QueryAsync(sql);
            if (isThere(rows))
            {
                return rows;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Process.DisposeAsync();
    }

    [GeneratedRegex(@"^  (?<what>The pixel|AWS APIs|Jobs) +(?<url>http://\S+)", RegexOptions.Multiline)]
    private static partial Regex Addresses();
}
