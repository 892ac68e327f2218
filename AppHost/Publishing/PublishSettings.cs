using Microsoft.Extensions.Configuration;

namespace AppHost.Publishing;

/// <summary>
/// The section <c>Publish</c>: options of <c>dotnet pixel.cs publish</c>. The command alone knows their values and which go
/// together; names are known here, since a setting that nobody reads could be the web ACL that somebody counts on.
/// </summary>
internal static class PublishSettings
{
    /// <summary>The section's name.</summary>
    public const string Section = "Publish";

    private const string Parameters = "Parameters";

    /// <summary>Each setting, and the option that takes its value.</summary>
    public static readonly IReadOnlyDictionary<string, string> Texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Way"] = "--way",
        ["Architecture"] = "--architecture",
        ["LoadBalancer"] = "--load-balancer",
        ["Region"] = "--region",
        ["PackageBucket"] = "--package-bucket",
    };

    /// <summary>Each setting that is <c>true</c> or <c>false</c>, and the option that says the former.</summary>
    public static readonly IReadOnlyDictionary<string, string> Switches = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Waf"] = "--waf",
        ["CustomDomain"] = "--custom-domain",
    };

    /// <summary>What the command is given: <c>Publish:Way=httpapi</c> is <c>--way httpapi</c>.</summary>
    /// <exception cref="DistributedApplicationException">A setting has a name or a value that nothing takes.</exception>
    public static IReadOnlyList<string> Options(IConfiguration configuration) =>
        [.. configuration.GetSection(Section).GetChildren().SelectMany(Option)];

    private static IEnumerable<string> Option(IConfigurationSection setting)
    {
        if (setting.Key.Equals(Parameters, StringComparison.OrdinalIgnoreCase))
        {
            return setting.GetChildren().SelectMany(parameter => new[] { "--parameter", $"{parameter.Key}={parameter.Value}" });
        }

        if (Texts.TryGetValue(setting.Key, out var text))
        {
            return string.IsNullOrWhiteSpace(setting.Value) ? [] : [text, setting.Value];
        }

        if (!Switches.TryGetValue(setting.Key, out var option))
        {
            throw new DistributedApplicationException(
                $"There is no setting {setting.Path}: {Section} takes {string.Join(", ", Texts.Keys.Concat(Switches.Keys))} and {Parameters}.");
        }

        return bool.TryParse(setting.Value, out var on)
            ? on ? [option] : []
            : throw new DistributedApplicationException($"The setting {setting.Path} is \"{setting.Value}\"; it takes true or false.");
    }
}
