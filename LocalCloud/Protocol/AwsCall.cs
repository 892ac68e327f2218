namespace LocalCloud.Protocol;

/// <summary>Who calls, from where: what a handler may know of the request besides its parameters.</summary>
/// <param name="RequestId">The id that is answered in <c>x-amzn-RequestId</c>.</param>
/// <param name="Region">The region of the request's signature, or the configured one when it has none.</param>
/// <param name="AccountId">The account that owns everything here.</param>
/// <param name="AccessKey">The access key the request was signed with, if it was.</param>
/// <param name="SessionToken">The session token that came along, if one did.</param>
/// <param name="Endpoint">How the caller addressed LocalCloud, e.g. <c>http://127.0.0.1:4566</c>; null for a call from inside the process.</param>
public sealed record AwsCall(
    string RequestId, string Region, string AccountId, string? AccessKey = null, string? SessionToken = null, string? Endpoint = null)
{
    /// <summary>The ARN of a resource in the call's region and account, e.g. <c>arn:aws:firehose:us-east-1:000000000000:deliverystream/x</c>.</summary>
    public string Arn(string service, string resource) => $"arn:aws:{service}:{Region}:{AccountId}:{resource}";
}
