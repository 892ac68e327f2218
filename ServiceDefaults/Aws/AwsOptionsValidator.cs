using Microsoft.Extensions.Options;

namespace ServiceDefaults;

/// <summary>Everything wrong with the <c>AWS</c> section at once, each by its setting's name; never a value of a secret.</summary>
internal sealed class AwsOptionsValidator : IValidateOptions<AwsOptions>
{
    public ValidateOptionsResult Validate(string? name, AwsOptions options)
    {
        var problems = new List<string>();
        if (options.Region is { Length: > 0 } region && !region.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            problems.Add($"AWS:Region must be a region such as {AwsOptions.DefaultRegion}, not '{region}'");
        }

        var endpoints = options.Endpoints.Select(e => (Setting: $"AWS:Endpoints:{e.Key}", Url: e.Value)).Prepend(("AWS:ServiceURL", options.ServiceURL ?? ""));
        foreach (var (setting, url) in endpoints)
        {
            if (url.Length > 0 && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            {
                problems.Add($"{setting} must be an http or https URL, not '{url}'");
            }
        }

        if (string.IsNullOrEmpty(options.AccessKey) != string.IsNullOrEmpty(options.SecretKey))
        {
            problems.Add("AWS:AccessKey and AWS:SecretKey must be set together");
        }
        else if (string.IsNullOrEmpty(options.AccessKey) && !string.IsNullOrEmpty(options.SessionToken))
        {
            problems.Add("AWS:SessionToken needs AWS:AccessKey and AWS:SecretKey");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
