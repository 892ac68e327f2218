using System.Text.Json.Nodes;
using LocalCloud.Protocol;
using LocalCloud.Templates.Language;
using LocalCloud.Templates.Resources;
using Microsoft.Extensions.Options;

namespace LocalCloud.Templates;

/// <summary>A template that a stack is to be made of.</summary>
/// <param name="Source">Where it came from, for the record.</param>
/// <param name="Template">The template.</param>
/// <param name="Stack">Which stack, where.</param>
/// <param name="Given">Values of parameters.</param>
/// <param name="Setting">What the name of a parameter is called in errors, such as <c>LocalCloud:Parameters:</c>.</param>
/// <param name="DeletesLeftovers">
/// Whether what the template no longer names is deleted, as CloudFormation does, or left alone: the start of a server is no
/// time to delete somebody's data.
/// </param>
internal sealed record StackRequest(
    string Source, StackTemplate Template, StackIdentity Stack, IReadOnlyDictionary<string, string> Given, string Setting, bool DeletesLeftovers);

/// <summary>
/// Makes a stack what its template says. First everything is evaluated, so that a template that is wrong changes nothing. Then,
/// resource by resource, what is missing is created, what the template says otherwise than the last time is updated, and
/// everything else is left alone. When a service refuses a resource, those before it stay; the next attempt goes on from there.
/// </summary>
internal sealed partial class StackBuilder(
    ResourceCatalog catalog, StackStore store, IOptions<LocalCloudOptions> options, ILogger<StackBuilder> logger)
{
    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <summary>Makes, or updates, a stack.</summary>
    /// <exception cref="TemplateException">A value or the template is wrong, or a service refuses a resource.</exception>
    public async Task<DeployedStack> BuildAsync(StackRequest request, CancellationToken cancellation)
    {
        await _oneAtATime.WaitAsync(cancellation);
        try
        {
            return await ApplyAsync(request, cancellation);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>
    /// Deletes a stack: its resources backwards, but those whose DeletionPolicy says that they stay. What cannot be deleted, such
    /// as a bucket with objects in it, stays in the stack with all that came before it.
    /// </summary>
    /// <returns>Whether there was such a stack.</returns>
    /// <exception cref="TemplateException">A service refuses to delete a resource.</exception>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellation)
    {
        await _oneAtATime.WaitAsync(cancellation);
        try
        {
            if (store.Find(name) is not { } stack)
            {
                return false;
            }

            foreach (var (logicalId, resource) in stack.Resources.Reverse().ToList())
            {
                if (!resource.OutlivesStack)
                {
                    await RemoveAsync(logicalId, resource, IdentityOf(stack), cancellation);
                }
                else if (resource.Place == ResourcePlace.Here)
                {
                    LogKept(logicalId, resource.Type, resource.PhysicalId);
                }

                stack = stack with { Resources = stack.Resources.Where(other => other.Key != logicalId).ToDictionary() };
                store.Save(stack);
            }

            store.Delete(name);
            LogDeletedStack(name);
            return true;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<DeployedStack> ApplyAsync(StackRequest request, CancellationToken cancellation)
    {
        catalog.CheckSettings();
        var (template, stack) = (request.Template, request.Stack);
        var parameters = Parameters(request);
        var evaluator = new Evaluator(template, stack, parameters);
        var planned = Plan(template, stack, evaluator);
        var outputs = Outputs(template, evaluator);

        var before = store.Find(stack.StackName)?.Resources ?? new Dictionary<string, DeployedResource>();
        var deployed = new DeployedStack(
            stack.StackName,
            stack.StackId,
            request.Source,
            parameters.ToDictionary(value => value.Key, value => template.Parameters[value.Key].NoEcho ? "****" : Shown(value.Value)),
            before,
            new Dictionary<string, string>());
        var done = new Dictionary<string, DeployedResource>(StringComparer.Ordinal);
        foreach (var (type, resource, now) in planned)
        {
            if (now.Place == ResourcePlace.Here)
            {
                await ApplyAsync((ProvisionedType)type, resource, now, before.GetValueOrDefault(resource.LogicalId), cancellation);
            }

            done[resource.LogicalId] = now;
            store.Save(deployed with { Resources = Merged(before, done) });
        }

        await LeaveAsync(request, before, done, cancellation);
        deployed = deployed with { Resources = done, Outputs = outputs, OutputsOnPaper = OnPaper(template, outputs, done) };
        store.Save(deployed);
        LogReady(deployed);
        return deployed;
    }

    // Names follow from the properties and the stack alone, so all of them are known before anything is made.
    private List<(ResourceType Type, ResolvedResource Resource, DeployedResource Now)> Plan(
        StackTemplate template, StackIdentity stack, Evaluator evaluator)
    {
        var planned = new List<(ResourceType, ResolvedResource, DeployedResource)>();
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
            if (place == ResourcePlace.Here && resource.Properties.ToJsonString().Contains("{{resolve:", StringComparison.Ordinal))
            {
                throw new TemplateException($"{resource.LogicalId} ({type.Name}) refers to a secret or an SSM parameter by {{{{resolve:…}}}}, which LocalCloud does not look up.");
            }

            evaluator.Add(resource.LogicalId, identity);
            planned.Add((type, resource, new DeployedResource(
                type.Name, identity.PhysicalId, place, resource.Properties, declaration.OutlivesStack, declaration.OutlivesReplacement)));
        }

        return planned;
    }

    private async ValueTask ApplyAsync(
        ProvisionedType type, ResolvedResource resource, DeployedResource now, DeployedResource? before, CancellationToken cancellation)
    {
        try
        {
            if (!await type.ExistsAsync(resource, now.PhysicalId, cancellation))
            {
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

    // What the template no longer names, and what has another name now.
    private async ValueTask LeaveAsync(
        StackRequest request,
        IReadOnlyDictionary<string, DeployedResource> before,
        Dictionary<string, DeployedResource> done,
        CancellationToken cancellation)
    {
        foreach (var (logicalId, left) in before.Reverse())
        {
            var after = done.GetValueOrDefault(logicalId);
            if (left.Place != ResourcePlace.Here || (after?.Type == left.Type && after.PhysicalId == left.PhysicalId))
            {
                continue;
            }

            if (request.DeletesLeftovers && !(after is null ? left.OutlivesStack : left.OutlivesReplacement))
            {
                await RemoveAsync(logicalId, left, request.Stack, cancellation);
            }
            else
            {
                LogLeft(logicalId, left.Type, left.PhysicalId);
            }
        }
    }

    private async ValueTask RemoveAsync(string logicalId, DeployedResource resource, StackIdentity stack, CancellationToken cancellation)
    {
        if (resource.Place != ResourcePlace.Here || catalog.Find(logicalId, resource.Type) is not ProvisionedType type)
        {
            return;
        }

        var resolved = new ResolvedResource(logicalId, resource.Properties, stack);
        try
        {
            if (await type.ExistsAsync(resolved, resource.PhysicalId, cancellation))
            {
                await type.DeleteAsync(resolved, resource.PhysicalId, cancellation);
                LogDeleted(logicalId, type.Name, resource.PhysicalId);
            }
        }
        catch (AwsException error)
        {
            throw new TemplateException($"{logicalId} ({type.Name}) was not deleted: {error.Code}: {error.Message}", error);
        }
    }

    private static ResolvedResource Resolve(ResourceDeclaration declaration, ResourceType type, Evaluator evaluator, StackIdentity stack)
    {
        var properties = evaluator.Evaluate(declaration.Properties, declaration.LogicalId) ?? new JsonObject();
        return new ResolvedResource(declaration.LogicalId, type.Shape.Read(properties, declaration.LogicalId).AsObject(), stack);
    }

    private Dictionary<string, JsonNode> Parameters(StackRequest request)
    {
        // Settings know no case, so LocalCloud:Parameters:bucketname is meant for BucketName.
        var declared = request.Template.Parameters;
        var values = new Dictionary<string, string>(request.Given, StringComparer.OrdinalIgnoreCase);
        if (values.Keys.FirstOrDefault(name => !declared.Keys.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new TemplateException(
                $"{request.Setting}{unknown} is not a parameter of the template, which has "
                + (declared.Count == 0 ? "none." : $"{string.Join(", ", declared.Keys)}."));
        }

        return declared.Values.ToDictionary(
            parameter => parameter.Name,
            parameter => parameter.Resolve(values.GetValueOrDefault(parameter.Name), request.Setting + parameter.Name, options.Value.SsmParameters),
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

    private static string[] OnPaper(StackTemplate template, Dictionary<string, string> outputs, Dictionary<string, DeployedResource> resources) =>
    [
        .. outputs.Keys.Where(output => ResourceOrder.NamesIn(template.Outputs[output].Value)
            .Any(name => resources.GetValueOrDefault(name)?.Place == ResourcePlace.OnPaper)),
    ];

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

    // arn:aws:cloudformation:region:account:stack/name/id
    private static StackIdentity IdentityOf(DeployedStack stack)
    {
        var parts = stack.Id.Split(':');
        return new StackIdentity(stack.Name, parts[3], parts[4]);
    }

    private static string Shown(JsonNode value) =>
        value is JsonArray list ? string.Join(",", list.Select(item => item.AsScalar())) : value.AsScalar()!;

    private void LogReady(DeployedStack stack)
    {
        var places = stack.Resources.Values.CountBy(resource => resource.Place).ToDictionary();
        LogReady(
            stack.Name,
            places.GetValueOrDefault(ResourcePlace.Here),
            places.GetValueOrDefault(ResourcePlace.OnPaper),
            places.GetValueOrDefault(ResourcePlace.Elsewhere));
        if (stack.TypesOnPaper.Count > 0)
        {
            LogOnPaper(stack.Name, string.Join(", ", stack.TypesOnPaper));
        }

        if (stack.OutputsOnPaper is { Count: > 0 } outputs)
        {
            LogOutputsOnPaper(stack.Name, string.Join(", ", outputs));
        }
    }

    [LoggerMessage(LogLevel.Information, "{LogicalId} ({Type}): created {PhysicalId}")]
    private partial void LogCreated(string logicalId, string type, string physicalId);

    [LoggerMessage(LogLevel.Information, "{LogicalId} ({Type}): updated {PhysicalId}")]
    private partial void LogUpdated(string logicalId, string type, string physicalId);

    [LoggerMessage(LogLevel.Information, "{LogicalId} ({Type}): deleted {PhysicalId}")]
    private partial void LogDeleted(string logicalId, string type, string physicalId);

    [LoggerMessage(LogLevel.Warning, "{LogicalId} ({Type}): the template no longer names {PhysicalId}, which is left as it is")]
    private partial void LogLeft(string logicalId, string type, string physicalId);

    [LoggerMessage(LogLevel.Information, "{LogicalId} ({Type}): {PhysicalId} is kept, as its DeletionPolicy says")]
    private partial void LogKept(string logicalId, string type, string physicalId);

    [LoggerMessage(LogLevel.Information, "Stack {Stack} is deleted")]
    private partial void LogDeletedStack(string stack);

    [LoggerMessage(LogLevel.Information, "Stack {Stack} is ready: {Here} resources here, {OnPaper} on paper, {Elsewhere} elsewhere")]
    private partial void LogReady(string stack, int here, int onPaper, int elsewhere);

    [LoggerMessage(LogLevel.Information, "Stack {Stack}: resources of these types exist on paper only, with nothing behind them: {Types}")]
    private partial void LogOnPaper(string stack, string types);

    [LoggerMessage(LogLevel.Information, "Stack {Stack}: these outputs name something on paper, and lead nowhere here: {Outputs}")]
    private partial void LogOutputsOnPaper(string stack, string outputs);
}
