using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Beacon.Api.Tests.Native;

/// <summary>A certificate of this machine's own, as a user would name it in the settings.</summary>
internal static class Certificates
{
    /// <summary>Makes one, with its files in a folder.</summary>
    public static X509Certificate2 Make(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        File.WriteAllText(Path.Combine(folder, "beacon.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "beacon.key"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    /// <summary>An endpoint that uses it, as arguments.</summary>
    public static string[] Endpoint(string folder) =>
    [
        "--Kestrel:Endpoints:Secure:Url", "https://127.0.0.1:0",
        "--Kestrel:Endpoints:Secure:Certificate:Path", Path.Combine(folder, "beacon.crt"),
        "--Kestrel:Endpoints:Secure:Certificate:KeyPath", Path.Combine(folder, "beacon.key"),
    ];

    /// <summary>The usual address with it as the default, as arguments.</summary>
    public static string[] Url(string folder) =>
    [
        "--urls", "https://127.0.0.1:0",
        "--Kestrel:Certificates:Default:Path", Path.Combine(folder, "beacon.crt"),
        "--Kestrel:Certificates:Default:KeyPath", Path.Combine(folder, "beacon.key"),
    ];

    /// <summary>A client that takes this certificate and no other.</summary>
    public static HttpClient Client(X509Certificate2 certificate) => new(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() },
    })
    { DefaultRequestVersion = HttpVersion.Version20 };
}
