using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Alerts;

/// <summary>Tells alerts to whoever wants to know: the webhook. The log has them as the notes of the run.</summary>
internal sealed class AlertChannel(IHttpClientFactory clients, IOptions<AlertsOptions> options)
{
    /// <summary>Tells what began and what ended.</summary>
    /// <exception cref="JobException">The webhook did not take it; the run fails and is tried again.</exception>
    public async Task TellAsync(IReadOnlyCollection<Alert> raised, IReadOnlyCollection<string> ended, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (options.Value.WebhookUrl.Length == 0)
        {
            return;
        }

        using var client = clients.CreateClient(nameof(AlertChannel));
        foreach (var message in raised.Select(a => new AlertMessage(a.Text, a.Name, "raised", at)).Concat(ended.Select(name => new AlertMessage($"{name} is over.", name, "ended", at))))
        {
            try
            {
                using var answer = await client.PostAsJsonAsync(options.Value.WebhookUrl, message, AlertsJson.Default.AlertMessage, cancellationToken);
                if (!answer.IsSuccessStatusCode)
                {
                    throw new JobException($"The webhook for alerts answered {(int)answer.StatusCode}: {message.Text}");
                }
            }
            catch (HttpRequestException e)
            {
                // Its address may hold a secret.
                throw new JobException($"The webhook for alerts did not answer ({e.HttpRequestError}): {message.Text}", e);
            }
        }
    }
}

/// <summary>What the webhook gets.</summary>
/// <param name="Text">For people.</param>
/// <param name="Alert">The alert's name.</param>
/// <param name="State"><c>raised</c> or <c>ended</c>.</param>
/// <param name="At">When it was found out, UTC.</param>
internal sealed record AlertMessage(string Text, string Alert, string State, DateTimeOffset At);
