using LocalCloud.Templates.Language;
using LocalCloud.Templates.Resources;
using static LocalCloud.Templates.Paper.PaperTypes;

namespace LocalCloud.Templates.Paper;

/// <summary>Functions, what calls them, and what stands before them: Lambda, EventBridge Scheduler, API Gateway, CloudFront.</summary>
internal static class PaperFunctions
{
    public static Dictionary<string, Func<ResolvedResource, ResourceIdentity>> Types { get; } = new()
    {
        ["AWS::Lambda::Function"] = r =>
        {
            var name = r.NameBy("FunctionName");
            return Is(name, ("Arn", r.Stack.Arn("lambda", $"function:{name}")));
        },
        ["AWS::Lambda::Url"] = r =>
        {
            // A name or an ARN is given.
            var function = r.Text("TargetFunctionArn")!.Split(':')[^1];
            var arn = r.Stack.Arn("lambda", $"function:{function}");
            return Is(arn, ("FunctionArn", arn), ("FunctionUrl", $"https://{r.Letters(32)}.lambda-url.{r.Stack.Region}.on.aws/"));
        },
        ["AWS::Lambda::Permission"] = r => Id(r.Stack.NameFor(r.LogicalId)),
        ["AWS::Lambda::EventInvokeConfig"] = r => Is($"{r.Text("FunctionName")}|{r.Text("Qualifier")}"),

        ["AWS::Scheduler::ScheduleGroup"] = r =>
        {
            var name = r.NameBy("Name");
            return Is(name, ("Arn", r.Stack.Arn("scheduler", $"schedule-group/{name}")));
        },
        ["AWS::Scheduler::Schedule"] = r =>
        {
            var name = r.NameBy("Name");
            return Is(name, ("Arn", r.Stack.Arn("scheduler", $"schedule/{r.Text("GroupName") ?? "default"}/{name}")));
        },

        ["AWS::ApiGatewayV2::Api"] = r =>
        {
            var id = r.Letters(10);
            return Is(id, ("ApiId", id), ("ApiEndpoint", $"https://{id}.execute-api.{r.Stack.Region}.{r.Stack.UrlSuffix}"));
        },
        ["AWS::ApiGatewayV2::Integration"] = r => Id(r.Letters(7), "IntegrationId"),
        ["AWS::ApiGatewayV2::Route"] = r => Id(r.Letters(7), "RouteId"),
        ["AWS::ApiGatewayV2::Stage"] = r => Is(r.Text("StageName")!),
        ["AWS::ApiGatewayV2::DomainName"] = r =>
        {
            var domain = r.Text("DomainName")!;
            return Is(
                domain,
                ("RegionalDomainName", $"d-{r.Letters(10)}.execute-api.{r.Stack.Region}.{r.Stack.UrlSuffix}"),
                ("RegionalHostedZoneId", HostedZone(r)),
                ("DomainNameArn", $"arn:{r.Stack.Partition}:apigateway:{r.Stack.Region}::/domainnames/{domain}"));
        },
        ["AWS::ApiGatewayV2::ApiMapping"] = r => Id(r.Letters(6), "ApiMappingId"),

        ["AWS::CloudFront::Distribution"] = r =>
        {
            var id = CloudFrontId(r);
            return Is(id, ("Id", id), ("DomainName", $"d{r.Stack.HexFor(r.LogicalId, 13)}.cloudfront.net"));
        },
        ["AWS::CloudFront::OriginAccessControl"] = r => Id(CloudFrontId(r)),
        ["AWS::CloudFront::OriginRequestPolicy"] = r => Id(r.Stack.GuidFor(r.LogicalId).ToString()),
    };

    /// <summary>An id of Route 53: a Z and up to twenty capital letters and digits.</summary>
    public static string HostedZone(ResolvedResource resource) => $"Z{resource.Stack.SuffixFor(resource.LogicalId, 13)}";

    private static string CloudFrontId(ResolvedResource resource) => $"E{resource.Stack.SuffixFor(resource.LogicalId, 13)}";
}
