using Microsoft.Extensions.Options;

namespace LocalCloud.Upstream;

/// <summary>
/// Section <c>LocalCloud:Upstream</c>: another S3 that the buckets live in, such as LocalStack's. LocalCloud's Athena then
/// reads that one's objects and puts its results there.
/// </summary>
public sealed class UpstreamOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "LocalCloud:Upstream";

    /// <summary>The other S3's endpoint; empty when the buckets live here.</summary>
    public string? Url { get; set; }

    /// <summary>The access key that requests to it are signed with.</summary>
    public string AccessKey { get; set; } = "test";

    /// <summary>The secret of <see cref="AccessKey"/>.</summary>
    public string SecretKey { get; set; } = "test";
}

/// <summary>Checks the settings at the start; by hand, because a generated check does not name the section.</summary>
internal sealed class UpstreamOptionsValidator : IValidateOptions<UpstreamOptions>
{
    public ValidateOptionsResult Validate(string? name, UpstreamOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (!string.IsNullOrEmpty(options.Url)
            && !(Uri.TryCreate(options.Url, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)))
        {
            problems.AddError("LocalCloud:Upstream:Url must be an http or https URL.");
        }

        if (string.IsNullOrEmpty(options.AccessKey))
        {
            problems.AddError("LocalCloud:Upstream:AccessKey must not be empty.");
        }

        if (string.IsNullOrEmpty(options.SecretKey))
        {
            problems.AddError("LocalCloud:Upstream:SecretKey must not be empty.");
        }

        return problems.Build();
    }
}
