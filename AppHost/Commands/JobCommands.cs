using System.Globalization;
using System.Text.Json;

namespace AppHost.Commands;

/// <summary>Runs the catalog worker's jobs from the dashboard.</summary>
internal static class JobCommands
{
    /// <summary>Adds a command that runs a job now and says what it did, or the sentence that the worker refused it with.</summary>
    /// <param name="worker">The catalog worker.</param>
    /// <param name="job">The job's name.</param>
    /// <param name="displayName">What the command is called.</param>
    public static IResourceBuilder<ProjectResource> WithJobCommand(
        this IResourceBuilder<ProjectResource> worker, string job, string displayName) =>
        worker.WithHttpCommand($"/jobs/{job}", displayName, commandName: job, commandOptions: new HttpCommandOptions
        {
            GetCommandResult = async context => await ReadAsync(job, context.Response, context.CancellationToken),
            IconName = "CalendarClock",
        });

    internal static async Task<ExecuteCommandResult> ReadAsync(string job, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            using var run = JsonDocument.Parse(body);
            return response.IsSuccessStatusCode
                ? CommandResults.Success($"{job}: {Did(run.RootElement)}.")
                : CommandResults.Failure(run.RootElement.GetProperty("error").GetString());
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return CommandResults.Failure($"The worker answered {(int)response.StatusCode}: {body}");
        }
    }

    /// <summary>Such as "3 added, 0 removed"; what counted nothing but zeros has nothing to tell.</summary>
    private static string Did(JsonElement run)
    {
        var counts = run.GetProperty("counts").EnumerateObject().Where(count => count.Value.GetInt64() != 0)
            .Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Value.GetInt64()} {count.Name}")).ToList();
        return counts.Count > 0 ? string.Join(", ", counts) : "nothing to do";
    }
}
