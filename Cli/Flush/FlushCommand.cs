using System.CommandLine;

namespace Cli.Flush;

/// <summary>
/// <c>flush</c>: what the beacon has kept and Firehose has buffered becomes objects, and their partitions are
/// registered, now rather than with the next interval.
/// </summary>
public static class FlushCommand
{
    // The embedded beacon hands over what it has every second; events answered just now are still with it.
    private static readonly TimeSpan Handover = TimeSpan.FromSeconds(2);

    public static Command Create(Terminal terminal)
    {
        var cloudPort = RunningSystem.CloudPort();
        var workerPort = new Option<int>("--worker-port") { Description = "The port of the catalog's jobs on this machine", DefaultValueFactory = _ => 8082 };
        var command = new Command("flush", "Bring what is still buffered into the lake now.") { cloudPort, workerPort };
        command.SetAction(async (parsed, cancel) =>
        {
            var cloud = RunningSystem.Cloud(parsed.GetValue(cloudPort));
            await RunningSystem.MustAnswerAsync(cloud, cancel);
            await Task.Delay(Handover, TimeProvider.System, cancel);
            await PostAsync(new Uri(cloud, "_localcloud/flush"), cancel);
            var answer = await PostAsync(new Uri($"http://127.0.0.1:{parsed.GetValue(workerPort)}/jobs/load-partitions"), cancel);
            terminal.Out.WriteLine("Flushed: what was answered 200 before is in the lake, and its partitions are registered.");
            terminal.Out.WriteLine(answer);
            return 0;
        });
        return command;
    }

    private static async Task<string> PostAsync(Uri address, CancellationToken cancel)
    {
        await RunningSystem.MustAnswerAsync(address, cancel);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        try
        {
            using var answer = await http.PostAsync(address, null, cancel);
            var body = await answer.Content.ReadAsStringAsync(cancel);
            return answer.IsSuccessStatusCode ? body : throw new CommandFailure($"{address} answered {(int)answer.StatusCode}: {body}");
        }
        catch (HttpRequestException error)
        {
            throw new CommandFailure($"{address} did not answer: {error.Message}", error);
        }
    }
}
