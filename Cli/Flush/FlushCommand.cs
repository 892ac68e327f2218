using System.CommandLine;
using System.Net;

namespace Cli.Flush;

/// <summary>
/// <c>flush</c>: what the beacon has kept and Firehose has buffered becomes objects, and their partitions are
/// registered, now rather than with the next interval.
/// </summary>
public static class FlushCommand
{
    // The embedded beacon hands over what it has every second; events answered just now are still with it.
    private static readonly TimeSpan Handover = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(250);

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
            while (true)
            {
                using var answer = await http.PostAsync(address, null, cancel);
                var body = await answer.Content.ReadAsStringAsync(cancel);
                if (answer.IsSuccessStatusCode)
                {
                    return body;
                }

                if (answer.StatusCode != HttpStatusCode.Conflict)
                {
                    throw new CommandFailure($"{address} answered {(int)answer.StatusCode}: {body}");
                }

                // The schedule runs the job right now, and may have looked before the flush: it has to run again.
                await Task.Delay(AskAgain, TimeProvider.System, cancel);
            }
        }
        catch (HttpRequestException error)
        {
            throw new CommandFailure($"{address} did not answer: {error.Message}", error);
        }
    }
}
