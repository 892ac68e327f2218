namespace Standalone;

/// <summary>
/// Cuts the process off from the user's AWS. Its clients get their endpoint, region and keys from
/// <see cref="EmbeddedSystem"/>; everything else that the SDK would look at is taken away, so that no profile,
/// endpoint variable or instance role can send a request to an account by mistake.
/// </summary>
internal static class AwsIsolation
{
    /// <summary>What LocalCloud is called with. It takes any pair; these are well known to mean nothing.</summary>
    public const string AccessKey = "test";

    /// <inheritdoc cref="AccessKey"/>
    public const string SecretKey = "test";

    /// <summary>The region of everything embedded.</summary>
    public const string Region = "us-east-1";

    /// <summary>Changes this process's environment; call it before the first client is made.</summary>
    public static void Apply()
    {
        // AWS_PROFILE, AWS_ENDPOINT_URL…, AWS_CONTAINER_CREDENTIALS_…; and AWS__…, which is how our own
        // settings are spelled in an environment.
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith("AWS_", StringComparison.OrdinalIgnoreCase)))
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        // Files that do not exist, rather than those in the home folder; and no question to the instance.
        var nowhere = Path.Combine(AppContext.BaseDirectory, "no-aws-profile");
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", nowhere);
        Environment.SetEnvironmentVariable("AWS_CONFIG_FILE", nowhere);
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
    }
}
