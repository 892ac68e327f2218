using LocalCloud.Templates.Language;
using LocalCloud.Templates.Resources;
using static LocalCloud.Templates.Paper.PaperTypes;

namespace LocalCloud.Templates.Paper;

/// <summary>Containers, how many of them, and their volume: ECS, Application Auto Scaling, EFS.</summary>
internal static class PaperContainers
{
    public static Dictionary<string, Func<ResolvedResource, ResourceIdentity>> Types { get; } = new()
    {
        ["AWS::ECS::Cluster"] = r =>
        {
            var name = r.NameBy("ClusterName");
            return Is(name, ("Arn", r.Stack.Arn("ecs", $"cluster/{name}")));
        },
        ["AWS::ECS::Service"] = r =>
        {
            // The cluster is given by its name or its ARN.
            var (name, cluster) = (r.NameBy("ServiceName"), (r.Text("Cluster") ?? "default").Split('/')[^1]);
            var arn = r.Stack.Arn("ecs", $"service/{cluster}/{name}");
            return Is(arn, ("Name", name), ("ServiceArn", arn));
        },
        ["AWS::ECS::TaskDefinition"] = r => Id(r.Stack.Arn("ecs", $"task-definition/{r.NameBy("Family")}:1"), "TaskDefinitionArn"),

        ["AWS::ApplicationAutoScaling::ScalableTarget"] = r => Id($"{r.Text("ResourceId")}|{r.Text("ScalableDimension")}|{r.Text("ServiceNamespace")}"),
        ["AWS::ApplicationAutoScaling::ScalingPolicy"] = r =>
        {
            // Either the target's own id says which resource, or three properties do.
            var target = r.Text("ScalingTargetId")?.Split('|') ?? [r.Text("ResourceId") ?? "", "", r.Text("ServiceNamespace") ?? ""];
            return Id(
                r.Stack.Arn("autoscaling", $"scalingPolicy:{r.Stack.GuidFor(r.LogicalId)}:resource/{target[^1]}/{target[0]}:policyName/{r.Text("PolicyName")}"),
                "Arn");
        },

        ["AWS::EFS::FileSystem"] = r =>
        {
            var id = r.Numbered("fs");
            return Is(id, ("FileSystemId", id), ("Arn", r.Stack.Arn("elasticfilesystem", $"file-system/{id}")));
        },
        ["AWS::EFS::AccessPoint"] = r =>
        {
            var id = r.Numbered("fsap");
            return Is(id, ("AccessPointId", id), ("Arn", r.Stack.Arn("elasticfilesystem", $"access-point/{id}")));
        },
        ["AWS::EFS::MountTarget"] = r => Id(r.Numbered("fsmt")),
    };
}
