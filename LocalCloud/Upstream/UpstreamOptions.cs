using System.ComponentModel.DataAnnotations;
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
    [Url(ErrorMessage = "LocalCloud:Upstream:Url must be an http or https URL.")]
    public string? Url { get; set; }

    /// <summary>The access key that requests to it are signed with.</summary>
    [Required(ErrorMessage = "LocalCloud:Upstream:AccessKey must not be empty.")]
    public string AccessKey { get; set; } = "test";

    /// <summary>The secret of <see cref="AccessKey"/>.</summary>
    [Required(ErrorMessage = "LocalCloud:Upstream:SecretKey must not be empty.")]
    public string SecretKey { get; set; } = "test";
}

/// <summary>The rules the attributes state.</summary>
[OptionsValidator]
internal sealed partial class UpstreamOptionsValidator : IValidateOptions<UpstreamOptions>;
