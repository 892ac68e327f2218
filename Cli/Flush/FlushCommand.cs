using System.CommandLine;
using System.Text.Json;

namespace Cli.Flush;

/// <summary>
/// <c>flush</c>: what the beacon has handed over and Firehose has buffered becomes objects, and their partitions are
/// registered, now rather than with the next interval.
/// </summary>
public static class FlushCommand
{
    // The embedded beacon hands over what it has every second. A flush that finds nothing after longer than that means
    // that the beacon has nothing more; one that finds something may have come in the middle of a backlog.
    private static readonly TimeSpan Handover = TimeSpan.FromSeconds(2);

    public static Command Create(Terminal terminal)
    {
        var cloudPort = RunningSystem.CloudPort();
        var workerPort = RunningWorker.Port();
        var command = new Command("flush", "Bring what is still buffered into the lake now.") { cloudPort, workerPort };
        command.SetAction(async (parsed, cancel) =>
        {
            var cloud = RunningSystem.Cloud(parsed.GetValue(cloudPort));
            await RunningSystem.MustAnswerAsync(cloud, cancel);
            using var worker = await RunningWorker.AtAsync(parsed.GetValue(workerPort), cancel);

            var written = await DeliverAsync(cloud, cancel);
            using var job = await worker.RunAsync("load-partitions", cancel);
            var added = job.RootElement.GetProperty("counts").GetProperty("added").GetInt64();
            terminal.Out.WriteLine($"{Count(written, "object")} written, {Count(added, "partition")} added: what the beacon has handed over can be queried.");
            return 0;
        });
        return command;
    }

    /// <returns>How many objects were written.</returns>
    private static async Task<long> DeliverAsync(Uri cloud, CancellationToken cancel)
    {
        for (long written = 0; ;)
        {
            await Task.Delay(Handover, TimeProvider.System, cancel);
            using var answer = await PostAsync(new Uri(cloud, "_localcloud/flush"), cancel);
            if (answer.RootElement.GetProperty("failed") is var failed && failed.GetArrayLength() > 0)
            {
                throw new CommandFailure($"Firehose could not deliver: {failed[0].GetProperty("error").GetString()} The records are kept, and tried again.");
            }

            var objects = answer.RootElement.GetProperty("objects").GetArrayLength();
            if (objects == 0)
            {
                return written;
            }

            written += objects;
        }
    }

    private static async Task<JsonDocument> PostAsync(Uri address, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        try
        {
            using var answer = await http.PostAsync(address, null, cancel);
            var body = await answer.Content.ReadAsStringAsync(cancel);
            return answer.IsSuccessStatusCode
                ? JsonDocument.Parse(body)
                : throw new CommandFailure($"{address} answered {(int)answer.StatusCode}: {body}");
        }
        catch (HttpRequestException error)
        {
            throw new CommandFailure($"{address} did not answer: {error.Message}", error);
        }
    }

    private static string Count(long number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}
