namespace ServiceDefaults;

/// <summary>Where AWS is and who asks. All empty on AWS itself, where the SDK finds its region and credentials.</summary>
public sealed class AwsOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "AWS";

    /// <summary>The region used when neither this section nor the SDK's own settings name one.</summary>
    public const string DefaultRegion = "us-east-1";

    /// <summary>The region, such as <c>eu-west-1</c>; default: what the SDK finds (<c>AWS_REGION</c>, the profile), else <c>us-east-1</c>.</summary>
    public string? Region { get; set; }

    /// <summary>One endpoint for every service, as LocalCloud and LocalStack have; empty on AWS. It beats <c>AWS_ENDPOINT_URL</c>.</summary>
    public string? ServiceURL { get; set; }

    /// <summary>
    /// An endpoint for one service by the name it signs with (<c>s3</c>, <c>firehose</c>, <c>glue</c>, <c>athena</c>, in any
    /// case), for services that do not live together. It beats <see cref="ServiceURL"/>.
    /// </summary>
    public Dictionary<string, string> Endpoints { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The profile of the AWS configuration files whose credentials are used; default: the SDK's own chain.</summary>
    public string? Profile { get; set; }

    /// <summary>The access key; goes with <see cref="SecretKey"/>. Default: the SDK's own chain.</summary>
    public string? AccessKey { get; set; }

    /// <summary>The secret of <see cref="AccessKey"/>.</summary>
    public string? SecretKey { get; set; }

    /// <summary>The session's token, when the two keys are temporary.</summary>
    public string? SessionToken { get; set; }
}
