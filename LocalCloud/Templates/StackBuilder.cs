using System.Text.Json.Nodes;
using LocalCloud.Protocol;
using LocalCloud.Templates.Language;
using LocalCloud.Templates.Resources;

namespace LocalCloud.Templates;

/// <summary>
/// Makes a stack what its template says, resource by resource: what is missing is created, what the template says
/// otherwise than the last time is updated, and everything else is left alone. Nothing is ever deleted or emptied.
/// </summary>
internal sealed partial class StackBuilder(ResourceCatalog catalog, StackStore store, ILogger<StackBuilder> logger)
{
    /// <param name="file">The template's file, for the record.</param>
    /// <param name="template">The template.</param>
    /// <param name="stack">Which stack, where.</param>
    /// <param name="given">Values of parameters, from <c>LocalCloud:Parameters</c>.</param>
    /// <param name="cancellation">Stops between resources.</param>
    /// <exception cref="TemplateException">A value or the template is wrong, or a service refuses a resource.</exception>
    public async Task<DeployedStack> BuildAsync(
        string file, StackTemplate template, StackIdentity stack, IReadOnlyDictionary<string, string> given, CancellationToken cancellation)
    {
        catalog.CheckSettings();
        var parameters = Parameters(template, given);
        var evaluator = new Evaluator(template, stack, parameters);
        var before = store.Find(stack.StackName)?.Resources ?? new Dictionary<string, DeployedResource>();
        var deployed = new DeployedStack(
            stack.StackName,
            stack.StackId,
            file,
            parameters.ToDictionary(value => value.Key, value => template.Parameters[value.Key].NoEcho ? "****" : Shown(value.Value)),
            before,
            new Dictionary<string, string>());
        var resources = new Dictionary<string, DeployedResource>(StringComparer.Ordinal);

        foreach (var declaration in ResourceOrder.Of(template))
        {
            if (declaration.Condition is { } condition && !evaluator.Condition(condition, $"{declaration.LogicalId}.Condition"))
            {
                continue;
            }

            var type = catalog.Find(declaration.LogicalId, declaration.Type);
            var resource = Resolve(declaration, type, evaluator, stack);
            var identity = type.Identify(resource);
            var place = catalog.PlaceOf(type);
            var now = new DeployedResource(type.Name, identity.PhysicalId, place, resource.Properties);

            if (place == ResourcePlace.Here)
            {
                await ApplyAsync((ProvisionedType)type, resource, now, before.GetValueOrDefault(resource.LogicalId), cancellation);
            }

            evaluator.Add(resource.LogicalId, identity);
            resources[resource.LogicalId] = now;
            store.Save(deployed with { Resources = Merged(before, resources) });
        }

        foreach (var (logicalId, left) in before.Where(old => old.Value.Place == ResourcePlace.Here && !resources.ContainsKey(old.Key)))
        {
            LogLeft(logicalId, left.Type, left.PhysicalId);
        }

        deployed = deployed with { Resources = resources, Outputs = Outputs(template, evaluator) };
        store.Save(deployed);
        LogReady(
            stack.StackName,
            resources.Values.Count(resource => resource.Place == ResourcePlace.Here),
            resources.Values.Count(resource => resource.Place == ResourcePlace.OnPaper),
            resources.Values.Count(resource => resource.Place == ResourcePlace.Elsewhere));
        return deployed;
    }

    private async ValueTask ApplyAsync(
        ProvisionedType type, ResolvedResource resource, DeployedResource now, DeployedResource? before, CancellationToken cancellation)
    {
        try
        {
            if (!await type.ExistsAsync(resource, now.PhysicalId, cancellation))
            {
                if (before is { Place: ResourcePlace.Here } && before.PhysicalId != now.PhysicalId)
                {
                    LogLeft(resource.LogicalId, before.Type, before.PhysicalId);
                }

                await type.CreateAsync(resource, now.PhysicalId, cancellation);
                LogCreated(resource.LogicalId, type.Name, now.PhysicalId);
            }
            // Compared with what the template said before, not with what is there: CloudFormation, too, leaves alone
            // what somebody changed by hand.
            else if (before?.PhysicalId != now.PhysicalId || !JsonNode.DeepEquals(before.Properties, now.Properties))
            {
                await type.UpdateAsync(resource, now.PhysicalId, cancellation);
                LogUpdated(resource.LogicalId, type.Name, now.PhysicalId);
            }
        }
        catch (AwsException error)
        {
            throw new TemplateException($"{resource.LogicalId} ({type.Name}) was refused with {error.Code}: {error.Message}", error);
        }
    }

    private static ResolvedResource Resolve(ResourceDeclaration declaration, ResourceType type, Evaluator evaluator, StackIdentity stack)
    {
        var properties = evaluator.Evaluate(declaration.Properties, declaration.LogicalId) ?? new JsonObject();
        return new ResolvedResource(declaration.LogicalId, type.Shape.Read(properties, declaration.LogicalId).AsObject(), stack);
    }

    private static Dictionary<string, JsonNode> Parameters(StackTemplate template, IReadOnlyDictionary<string, string> given)
    {
        // Settings know no case, so LocalCloud:Parameters:bucketname is meant for BucketName.
        var values = new Dictionary<string, string>(given, StringComparer.OrdinalIgnoreCase);
        if (values.Keys.FirstOrDefault(name => !template.Parameters.Keys.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new TemplateException(
                $"LocalCloud:Parameters:{unknown} is not a parameter of the template, which has "
                + (template.Parameters.Count == 0 ? "none." : $"{string.Join(", ", template.Parameters.Keys)}."));
        }

        return template.Parameters.Values.ToDictionary(
            parameter => parameter.Name,
            parameter => parameter.Resolve(values.GetValueOrDefault(parameter.Name), $"LocalCloud:Parameters:{parameter.Name}"),
            StringComparer.Ordinal);
    }

    private static Dictionary<string, string> Outputs(StackTemplate template, Evaluator evaluator)
    {
        var outputs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var output in template.Outputs.Values)
        {
            var path = $"Outputs.{output.Name}";
            if (output.Condition is null || evaluator.Condition(output.Condition, path))
            {
                outputs[output.Name] = evaluator.Evaluate(output.Value, path).AsScalar()
                    ?? throw new TemplateException($"{path} is not a text.");
            }
        }

        return outputs;
    }

    // While the build goes on: what is done, and what was there before.
    private static Dictionary<string, DeployedResource> Merged(
        IReadOnlyDictionary<string, DeployedResource> before, Dictionary<string, DeployedResource> done)
    {
        var merged = new Dictionary<string, DeployedResource>(before);
        foreach (var (logicalId, resource) in done)
        {
            merged[logicalId] = resource;
        }

        return merged;
    }

    private static string Shown(JsonNode value) =>
        value is JsonArray list ? string.Join(",", list.Select(item => item.AsScalar())) : value.AsScalar()!;

    [LoggerMessage(LogLevel.Information, "{LogicalId} ({Type}): created {PhysicalId}")]
    private partial void LogCreated(string logicalId, string type, string physicalId);

    [LoggerMessage(LogLevel.Information, "{LogicalId} ({Type}): updated {PhysicalId}")]
    private partial void LogUpdated(string logicalId, string type, string physicalId);

    [LoggerMessage(LogLevel.Warning, "{LogicalId} ({Type}): the template no longer names {PhysicalId}, which is left as it is")]
    private partial void LogLeft(string logicalId, string type, string physicalId);

    [LoggerMessage(LogLevel.Information,
        "Stack {Stack} is ready: {Here} resources here, {OnPaper} on paper (roles, policies and logs, which nothing enforces or keeps here), {Elsewhere} elsewhere")]
    private partial void LogReady(string stack, int here, int onPaper, int elsewhere);
}
