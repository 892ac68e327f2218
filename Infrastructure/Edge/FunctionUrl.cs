using Amazon.CDK;
using Amazon.CDK.AWS.Lambda;

namespace Infrastructure.Edge;

/// <summary>The function's own URL, for everybody or for one CloudFront distribution.</summary>
internal sealed class FunctionUrl
{
    private readonly Stack _stack;
    private readonly BeaconFunction _beacon;
    private readonly CfnUrl _resource;

    private FunctionUrl(Stack stack, BeaconFunction beacon, string authType)
    {
        _stack = stack;
        _beacon = beacon;
        _resource = new CfnUrl(stack, "BeaconUrl", new CfnUrlProps
        {
            TargetFunctionArn = beacon.Function.Arn,
            AuthType = authType,
            InvokeMode = "BUFFERED",
        });
    }

    /// <summary>The URL, with a slash at the end.</summary>
    public string Url => _resource.AttrFunctionUrl;

    /// <summary>The host in it.</summary>
    public string Host => Fn.Select(2, Fn.Split("/", Url));

    /// <summary>A URL that answers whoever asks.</summary>
    public static FunctionUrl ForEverybody(Stack stack, BeaconFunction beacon)
    {
        var url = new FunctionUrl(stack, beacon, "NONE");
        // A URL without authentication asks for both since October 2025; the second only for what comes by the URL, so the
        // function cannot be invoked by everybody in other ways.
        url.Allow("PublicUrl", "lambda:InvokeFunctionUrl", "*", null).FunctionUrlAuthType = "NONE";
        url.Allow("PublicInvoke", "lambda:InvokeFunction", "*", null).AddPropertyOverride("InvokedViaFunctionUrl", true);
        return url;
    }

    /// <summary>A URL that answers signed requests only, of whoever is allowed to.</summary>
    public static FunctionUrl Signed(Stack stack, BeaconFunction beacon) => new(stack, beacon, "AWS_IAM");

    /// <summary>Lets one distribution send requests to it.</summary>
    public void AllowDistribution(string distributionArn)
    {
        Allow("CloudFrontUrl", "lambda:InvokeFunctionUrl", "cloudfront.amazonaws.com", distributionArn).FunctionUrlAuthType = "AWS_IAM";
        Allow("CloudFrontInvoke", "lambda:InvokeFunction", "cloudfront.amazonaws.com", distributionArn).AddPropertyOverride("InvokedViaFunctionUrl", true);
    }

    private CfnPermission Allow(string id, string action, string principal, string? source) => new(_stack, id, new CfnPermissionProps
    {
        FunctionName = _beacon.Function.Arn,
        Action = action,
        Principal = principal,
        SourceArn = source,
    });
}
