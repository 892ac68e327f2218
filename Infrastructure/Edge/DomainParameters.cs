using Amazon.CDK;

namespace Infrastructure.Edge;

/// <summary>A domain of one's own for the pixel, and its certificate.</summary>
internal sealed class DomainParameters
{
    /// <param name="stack">The stack.</param>
    /// <param name="where">Where the certificate must be.</param>
    public DomainParameters(Stack stack, string where)
    {
        Name = StackParameters.Text(stack, "DomainName", "",
            "Domain of the pixel, such as px.example.com; its CNAME or alias record is yours to make. Empty: the name that AWS gives.",
            @"^$|^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$", "A domain in lower case, or nothing.");
        CertificateArn = StackParameters.Text(stack, "CertificateArn", "",
            $"ARN of the domain's certificate, which must be {where}. Empty without a domain.",
            "^$|^arn:[a-z-]+:acm:[a-z0-9-]+:[0-9]{12}:certificate/[a-f0-9-]+$", "The ARN of a certificate of ACM, or nothing.");
        IsGiven = StackParameters.IsNot(Name, "", "HasDomain");
    }

    /// <summary>The domain; empty when there is none.</summary>
    public CfnParameter Name { get; }

    /// <summary>Its certificate.</summary>
    public CfnParameter CertificateArn { get; }

    /// <summary>Whether there is one.</summary>
    public CfnCondition IsGiven { get; }

    /// <summary>The pixel's address, under the domain when there is one.</summary>
    /// <param name="host">The host that AWS gives.</param>
    /// <param name="scheme">The scheme without a domain.</param>
    public string PixelUrl(string host, string scheme = "https") => Fn.Join("",
    [
        scheme == "https" ? scheme : Fn.ConditionIf(IsGiven.LogicalId, "https", scheme).ToString()!,
        "://",
        Fn.ConditionIf(IsGiven.LogicalId, Name.ValueAsString, host).ToString()!,
        PixelEdgeStack.PixelPath,
    ]);
}
