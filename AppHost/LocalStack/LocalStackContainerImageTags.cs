namespace AppHost.LocalStack;

internal static class LocalStackContainerImageTags
{
    /// <summary>docker.io</summary>
    public const string Registry = "docker.io";

    /// <summary>localstack/localstack</summary>
    public const string Image = "localstack/localstack";

    /// <summary>4.14.0: the last tag that starts without LOCALSTACK_AUTH_TOKEN.</summary>
    public const string Tag = "4.14.0";
}
