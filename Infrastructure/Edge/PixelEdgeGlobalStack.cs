using Amazon.CDK;
using Amazon.CDK.AWS.CertificateManager;
using Constructs;

namespace Infrastructure.Edge;

/// <summary>
/// What CloudFront wants in us-east-1, wherever the edge is: its web ACL, and the certificate of a domain of one's own. It
/// is deployed first; its outputs are parameters of the edge, so neither stack needs machinery to read the other's.
/// </summary>
public sealed class PixelEdgeGlobalStack : Stack
{
    /// <summary>The stack's name, in CloudFormation and of its template.</summary>
    public const string DefaultName = "PixelEdgeGlobal";

    /// <summary>Where CloudFront looks for web ACLs and certificates.</summary>
    public const string OnlyRegion = "us-east-1";

    public PixelEdgeGlobalStack(Construct scope, EdgeOptions options, string id = DefaultName)
        : base(scope, id, StackParameters.Props(id, "PixelAspire: what CloudFront wants in us-east-1", OnlyRegion))
    {
        StackParameters.Tag(this);
        if (options.Waf)
        {
            StackParameters.Output(this, "WebAclArn", WebAcl.Make(this, "CLOUDFRONT").AttrArn, "The web ACL; the edge's parameter of the same name");
        }

        if (options.CustomDomain)
        {
            AddCertificate();
        }
    }

    private void AddCertificate()
    {
        var domain = StackParameters.Text(this, "DomainName", null,
            "Domain of the pixel, such as px.example.com.",
            @"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$", "A domain in lower case.");
        var zone = StackParameters.Text(this, "HostedZoneId", "",
            "The domain's hosted zone in Route 53, in which the certificate proves itself. Empty: the deployment waits until you have made the record that ACM asks for.",
            "^$|^Z[A-Z0-9]+$", "The id of a hosted zone, or nothing.");
        var certificate = new CfnCertificate(this, "Certificate", new CfnCertificateProps
        {
            DomainName = domain.ValueAsString,
            ValidationMethod = "DNS",
        });
        // Its chain is a quarter shorter than that of an RSA key, and CloudFront signs faster with it. CDK 2.160 does not know the property.
        certificate.AddPropertyOverride("KeyAlgorithm", "EC_prime256v1");
        certificate.AddPropertyOverride("DomainValidationOptions", StackParameters.If(
            StackParameters.IsNot(zone, "", "HasHostedZone"),
            new[]
            {
                new Dictionary<string, object>
                {
                    ["DomainName"] = new Dictionary<string, object> { ["Ref"] = domain.LogicalId },
                    ["HostedZoneId"] = new Dictionary<string, object> { ["Ref"] = zone.LogicalId },
                },
            }));
        StackParameters.Output(this, "CertificateArn", certificate.Ref, "The certificate; the edge's parameter of the same name");
    }
}
