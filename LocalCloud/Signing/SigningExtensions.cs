namespace LocalCloud.Signing;

internal static class SigningExtensions
{
    public static IServiceCollection AddSigning(this IServiceCollection services) => services
        .AddSingleton<CredentialStore>()
        .AddSingleton<SignatureVerifier>();
}
