using Amazon.CDK;

namespace Infrastructure.Functions;

/// <summary>
/// Where a function's package lies. The template has no assets, so nobody needs <c>cdk bootstrap</c>: whoever deploys puts
/// the package in a bucket of the same region first. A new package needs a new key, or CloudFormation sees no change.
/// </summary>
internal sealed class PackageParameters
{
    public PackageParameters(Stack stack, string program)
    {
        Bucket = StackParameters.Text(stack, "PackageBucket", null,
            $"Name of the bucket, in the region of this stack, that holds the package of the {program}.",
            "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
            "3 to 63 lower-case letters, digits, dots and hyphens.");
        Key = StackParameters.Text(stack, "PackageKey", null,
            $"Key of the {program}'s package, a zip with an executable file named bootstrap; another one for each version.",
            "^[A-Za-z0-9!_.*'()/=-]{1,1024}$",
            "A key of letters, digits and ! _ . * ' ( ) / = -.");
        AdapterVersion = StackParameters.Whole(stack, "AdapterLayerVersion", 26, 23, 9999,
            "Version of AWS's layer with the Lambda Web Adapter. Before 23 (adapter 0.9.0) it would take a failed job for a success; 26 is adapter 1.0.0-rc1.");
    }

    /// <summary>The bucket.</summary>
    public CfnParameter Bucket { get; }

    /// <summary>The key in it.</summary>
    public CfnParameter Key { get; }

    /// <summary>The version of the adapter's layer.</summary>
    public CfnParameter AdapterVersion { get; }
}
