using LocalCloud.Templates.Language;
using LocalCloud.Templates.Resources;
using static LocalCloud.Templates.Paper.PaperTypes;

namespace LocalCloud.Templates.Paper;

/// <summary>Who may do what, what is watched, and who is told: IAM, CloudWatch, SNS, secrets, certificates, WAF.</summary>
internal static class PaperAccount
{
    public static Dictionary<string, Func<ResolvedResource, ResourceIdentity>> Types { get; } = new()
    {
        ["AWS::IAM::Role"] = r =>
        {
            var name = r.NameBy("RoleName");
            return Is(
                name,
                ("Arn", r.Stack.GlobalArn("iam", $"role{r.Text("Path") ?? "/"}{name}")),
                ("RoleId", $"AROA{r.Stack.SuffixFor(r.LogicalId, 17)}"));
        },
        ["AWS::IAM::Policy"] = r => Id(r.Stack.NameFor(r.LogicalId)),
        ["AWS::IAM::ManagedPolicy"] = r =>
        {
            var arn = r.Stack.GlobalArn("iam", $"policy{r.Text("Path") ?? "/"}{r.NameBy("ManagedPolicyName")}");
            return Is(arn, ("PolicyArn", arn), ("PolicyId", $"ANPA{r.Stack.SuffixFor(r.LogicalId, 17)}"), ("DefaultVersionId", "v1"));
        },

        ["AWS::Logs::LogGroup"] = r =>
        {
            var name = r.NameBy("LogGroupName");
            return Is(name, ("Arn", r.Stack.Arn("logs", $"log-group:{name}:*")));
        },
        ["AWS::Logs::LogStream"] = r => Is(r.NameBy("LogStreamName")),
        ["AWS::Logs::MetricFilter"] = r => Is(r.NameBy("FilterName")),
        ["AWS::CloudWatch::Alarm"] = r =>
        {
            var name = r.NameBy("AlarmName");
            return Is(name, ("Arn", r.Stack.Arn("cloudwatch", $"alarm:{name}")));
        },
        ["AWS::CloudWatch::Dashboard"] = r => Is(r.NameBy("DashboardName")),

        ["AWS::SNS::Topic"] = r =>
        {
            var name = r.NameBy("TopicName");
            var arn = r.Stack.Arn("sns", name);
            return Is(arn, ("TopicArn", arn), ("TopicName", name));
        },
        ["AWS::SNS::TopicPolicy"] = r => Id(r.Stack.NameFor(r.LogicalId)),
        ["AWS::SNS::Subscription"] = r => Id($"{r.Text("TopicArn")}:{r.Stack.GuidFor(r.LogicalId)}", "Arn"),

        ["AWS::SecretsManager::Secret"] = r =>
        {
            var name = r.Text("Name") ?? $"{r.LogicalId}-{r.Stack.SuffixFor(r.LogicalId)}";
            return Id(r.Stack.Arn("secretsmanager", $"secret:{name}-{r.Letters(6)}"));
        },
        ["AWS::CertificateManager::Certificate"] = r => Is(r.Stack.Arn("acm", $"certificate/{r.Stack.GuidFor(r.LogicalId)}")),

        ["AWS::WAFv2::IPSet"] = r => OfWaf(r, "ipset"),
        ["AWS::WAFv2::WebACL"] = r => OfWaf(r, "webacl", ("LabelNamespace", $"awswaf:{r.Stack.AccountId}:webacl:{r.NameBy("Name")}:")),
        ["AWS::WAFv2::WebACLAssociation"] = r => Is($"{r.Text("ResourceArn")}|{r.Text("WebACLArn")}"),
    };

    private static ResourceIdentity OfWaf(ResolvedResource resource, string kind, params (string, string)[] more)
    {
        var (name, id, scope) = (resource.NameBy("Name"), resource.Stack.GuidFor(resource.LogicalId), resource.Text("Scope")!);
        var place = scope == "CLOUDFRONT" ? "global" : "regional";
        return Is($"{name}|{id}|{scope}", [("Arn", resource.Stack.Arn("wafv2", $"{place}/{kind}/{name}/{id}")), ("Id", id.ToString()), .. more]);
    }
}
