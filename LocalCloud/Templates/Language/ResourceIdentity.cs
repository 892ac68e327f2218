namespace LocalCloud.Templates.Language;

/// <summary>What a resource is called: what Ref and Fn::GetAtt answer.</summary>
internal sealed record ResourceIdentity(string PhysicalId, IReadOnlyDictionary<string, string> Attributes)
{
    private static readonly Dictionary<string, string> None = [];

    public ResourceIdentity(string physicalId) : this(physicalId, None)
    {
    }
}
