using LocalCloud.Templates.Language;
using Microsoft.Extensions.Options;

namespace LocalCloud.Templates;

/// <summary>
/// Creates at the start what the template of <c>LocalCloud:Template</c> declares. A web host starts listening after the
/// last hosted service has started, so that no request comes before the resources are there.
/// </summary>
internal sealed class StackBoot(IOptions<LocalCloudOptions> options, StackBuilder builder) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellation)
    {
        var settings = options.Value;
        if (string.IsNullOrEmpty(settings.Template))
        {
            return;
        }

        try
        {
            var file = Path.GetFullPath(settings.Template);
            var template = StackTemplate.Parse(await File.ReadAllTextAsync(file, cancellation));
            var stack = new StackIdentity(settings.StackName, settings.Region, settings.AccountId);
            await builder.BuildAsync(
                new StackRequest(file, template, stack, settings.Parameters, "LocalCloud:Parameters:", DeletesLeftovers: false), cancellation);
        }
        catch (TemplateException wrong)
        {
            throw Refused(wrong.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Refused($"LocalCloud:Template '{settings.Template}' cannot be read: {error.Message}");
        }

        // Told as every other wrong setting is.
        OptionsValidationException Refused(string sentence) => new(
            LocalCloudOptions.Section,
            typeof(LocalCloudOptions),
            [sentence.StartsWith("LocalCloud:", StringComparison.Ordinal) ? sentence : $"LocalCloud:Template '{settings.Template}': {sentence}"]);
    }

    public Task StopAsync(CancellationToken cancellation) => Task.CompletedTask;
}
