using LocalCloud.Templates.Language;
using LocalCloud.Templates.Resources;

namespace LocalCloud.Templates.Paper;

/// <summary>
/// The types that exist on paper: what CloudFormation takes for each is in <c>properties.txt</c>, what Ref and Fn::GetAtt answer is in
/// the other files, by the section "Return values" of each type's page in
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/. Attributes that are times or lists are left out.
/// </summary>
internal static class PaperTypes
{
    private const string Properties = "paper-properties.txt";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PaperType> All { get; } = Read();

    private static PaperType[] Read()
    {
        Dictionary<string, Func<ResolvedResource, ResourceIdentity>> identities =
            new([.. PaperFunctions.Types, .. PaperNetwork.Types, .. PaperContainers.Types, .. PaperAccount.Types]);
        var notations = Notations();
        return identities.Keys.ToHashSet().SetEquals(notations.Keys)
            ? [.. notations.Select(type => new PaperType(type.Key, PropertyNotation.Read(type.Value), identities[type.Key]))]
            : throw new InvalidOperationException(
                $"{Properties} and the identities differ in {string.Join(", ", identities.Keys.Except(notations.Keys).Concat(notations.Keys.Except(identities.Keys)))}.");
    }

    /// <summary>The notation of each type's properties, by the type's name.</summary>
    internal static IReadOnlyDictionary<string, string> Notations()
    {
        using var file = new StreamReader(typeof(PaperTypes).Assembly.GetManifestResourceStream(Properties)!);
        var notations = new OrderedDictionary<string, string>();
        var type = "";
        while (file.ReadLine() is { } line)
        {
            if (line.StartsWith("AWS::", StringComparison.Ordinal))
            {
                notations.Add(type = line, "");
            }
            else if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                notations[type] += line[1..];
            }
        }

        return notations;
    }

    /// <summary>What Ref and Fn::GetAtt answer.</summary>
    public static ResourceIdentity Is(string reference, params (string Name, string Value)[] attributes) =>
        new(reference, attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value));

    /// <summary>An id that is answered by Ref and as an attribute.</summary>
    public static ResourceIdentity Id(string id, string attribute = "Id") => Is(id, (attribute, id));

    /// <summary>Lower-case letters and digits that belong to a resource, as many ids of AWS are.</summary>
    public static string Letters(this ResolvedResource resource, int length) =>
        resource.Stack.SuffixFor(resource.LogicalId, length).ToLowerInvariant();

    /// <summary>An id such as <c>vpc-</c> and seventeen hexadecimal digits.</summary>
    public static string Numbered(this ResolvedResource resource, string prefix) =>
        $"{prefix}-{resource.Stack.HexFor(resource.LogicalId, 17)}";
}
