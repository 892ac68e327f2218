using System.Xml.Linq;

namespace LocalCloud.Protocol;

/// <summary>
/// A service that speaks the query protocol: a form with <c>Action=…&amp;Version=…</c>, answered in XML
/// (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html).
/// </summary>
public abstract class AwsQueryService(string name, string version)
{
    private readonly Dictionary<string, Func<IReadOnlyDictionary<string, string>, AwsCall, CancellationToken, ValueTask<IEnumerable<XElement>>>> _actions = new(StringComparer.Ordinal);

    /// <summary>The service's name in signatures: <c>sts</c>, <c>sqs</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The API version that its requests name, e.g. <c>2011-06-15</c>.</summary>
    public string Version { get; } = version;

    /// <summary>The XML namespace of its answers.</summary>
    public virtual XNamespace Namespace => $"https://{Name}.amazonaws.com/doc/{Version}/";

    /// <summary>Whether this service has the action.</summary>
    public bool Knows(string action) => _actions.ContainsKey(action);

    /// <summary>Whether an action is asked for without a signature, since what it carries says who asks.</summary>
    public virtual bool IsUnsigned(string action) => false;

    /// <summary>Runs an action; answers what stands inside <c>&lt;{Action}Result&gt;</c>.</summary>
    /// <exception cref="AwsException">What AWS would answer as an error.</exception>
    public ValueTask<IEnumerable<XElement>> InvokeAsync(
        string action, IReadOnlyDictionary<string, string> parameters, AwsCall call, CancellationToken cancellation) =>
        _actions[action](parameters, call, cancellation);

    /// <summary>Registers an action; the elements it answers are in <see cref="Namespace"/>.</summary>
    protected void Handle(
        string action, Func<IReadOnlyDictionary<string, string>, AwsCall, CancellationToken, ValueTask<IEnumerable<XElement>>> handler) =>
        _actions.Add(action, handler);

    /// <summary>Registers an action that has nothing to wait for.</summary>
    protected void Handle(string action, Func<IReadOnlyDictionary<string, string>, AwsCall, IEnumerable<XElement>> handler) =>
        _actions.Add(action, (parameters, call, _) => ValueTask.FromResult(handler(parameters, call)));
}
