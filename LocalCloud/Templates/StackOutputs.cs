namespace LocalCloud.Templates;

/// <summary>The outputs of stacks, for whoever hosts LocalCloud in its own process. Complete once the host has started.</summary>
public sealed class StackOutputs
{
    private readonly StackStore _store;

    internal StackOutputs(StackStore store) => _store = store;

    /// <summary>A stack's outputs by name.</summary>
    /// <param name="stack">The stack's name, <c>PixelLake</c> unless <c>LocalCloud:StackName</c> says otherwise.</param>
    /// <exception cref="KeyNotFoundException">There is no such stack.</exception>
    public IReadOnlyDictionary<string, string> Of(string stack) =>
        _store.Find(stack)?.Outputs ?? throw new KeyNotFoundException($"There is no stack '{stack}'.");
}
