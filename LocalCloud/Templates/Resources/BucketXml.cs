using System.Text.Json.Nodes;
using System.Xml.Linq;
using LocalCloud.Templates.Language;
using static LocalCloud.Templates.Resources.PropertyShape;

namespace LocalCloud.Templates.Resources;

/// <summary>
/// The settings of a bucket as CloudFormation says them, and the XML that S3's own API takes for the same. The two
/// differ in names: <c>ExpirationInDays</c> is <c>&lt;Expiration&gt;&lt;Days&gt;</c>.
/// </summary>
internal static class BucketXml
{
    public static PropertyShape EncryptionShape { get; } = Members(
        ("ServerSideEncryptionConfiguration!", List(Members(
            ("BucketKeyEnabled", Flag),
            ("ServerSideEncryptionByDefault", Members(("SSEAlgorithm!", Text), ("KMSMasterKeyID", Text)))))));

    public static PropertyShape LifecycleShape { get; } = Members(
        ("Rules!", List(Members(
            ("Status!", Text),
            ("Id", Text),
            ("Prefix", Text),
            ("AbortIncompleteMultipartUpload", Members(("DaysAfterInitiation!", Whole))),
            ("ExpirationDate", Text),
            ("ExpirationInDays", Whole),
            ("Transitions", List(Members(("StorageClass!", Text), ("TransitionDate", Text), ("TransitionInDays", Whole))))))));

    public static PropertyShape OwnershipShape { get; } = Members(("Rules!", List(Members(("ObjectOwnership", Text)))));

    public static PropertyShape PublicAccessShape { get; } = Members(
        ("BlockPublicAcls", Flag), ("BlockPublicPolicy", Flag), ("IgnorePublicAcls", Flag), ("RestrictPublicBuckets", Flag));

    /// <summary>Every setting that a bucket can have, by the name of its sub-resource; null when the template has none.</summary>
    public static IEnumerable<(string Name, string? Content)> Of(JsonObject bucket)
    {
        yield return ("encryption", Written(bucket["BucketEncryption"], Encryption));
        yield return ("lifecycle", Written(bucket["LifecycleConfiguration"], Lifecycle));
        yield return ("ownershipControls", Written(bucket["OwnershipControls"], Ownership));
        yield return ("publicAccessBlock", Written(bucket["PublicAccessBlockConfiguration"], PublicAccess));
        yield return ("tagging", Written(bucket["Tags"], Tagging));
    }

    private static string? Written(JsonNode? node, Func<JsonNode, XElement> write) =>
        node is null ? null : write(node).ToString(SaveOptions.DisableFormatting);

    private static XElement Encryption(JsonNode node) => new(
        "ServerSideEncryptionConfiguration",
        Items(node["ServerSideEncryptionConfiguration"]).Select(rule => new XElement(
            "Rule",
            rule["ServerSideEncryptionByDefault"] is { } byDefault
                ? new XElement(
                    "ApplyServerSideEncryptionByDefault",
                    Copied(byDefault, "SSEAlgorithm"),
                    Copied(byDefault, "KMSMasterKeyID"))
                : null,
            Copied(rule, "BucketKeyEnabled"))));

    private static XElement Lifecycle(JsonNode node) => new(
        "LifecycleConfiguration",
        Items(node["Rules"]).Select(rule => new XElement(
            "Rule",
            Copied(rule, "Id", "ID"),
            new XElement("Filter", new XElement("Prefix", rule["Prefix"].AsScalar() ?? "")),
            Copied(rule, "Status"),
            Items(rule["Transitions"]).Select(transition => new XElement(
                "Transition",
                Copied(transition, "TransitionDate", "Date"),
                Copied(transition, "TransitionInDays", "Days"),
                Copied(transition, "StorageClass"))),
            rule["ExpirationInDays"] is null && rule["ExpirationDate"] is null
                ? null
                : new XElement("Expiration", Copied(rule, "ExpirationDate", "Date"), Copied(rule, "ExpirationInDays", "Days")),
            rule["AbortIncompleteMultipartUpload"] is { } abort
                ? new XElement("AbortIncompleteMultipartUpload", Copied(abort, "DaysAfterInitiation"))
                : null)));

    private static XElement Ownership(JsonNode node) => new(
        "OwnershipControls",
        Items(node["Rules"]).Select(rule => new XElement("Rule", Copied(rule, "ObjectOwnership"))));

    private static XElement PublicAccess(JsonNode node) => new(
        "PublicAccessBlockConfiguration",
        Copied(node, "BlockPublicAcls"),
        Copied(node, "IgnorePublicAcls"),
        Copied(node, "BlockPublicPolicy"),
        Copied(node, "RestrictPublicBuckets"));

    private static XElement Tagging(JsonNode node) => new(
        "Tagging",
        new XElement("TagSet", Items(node).Select(tag => new XElement("Tag", Copied(tag, "Key"), Copied(tag, "Value")))));

    private static IEnumerable<JsonNode> Items(JsonNode? list) => list is JsonArray items ? items.OfType<JsonNode>() : [];

    private static XElement? Copied(JsonNode node, string name, string? element = null) =>
        node[name].AsScalar() is { } text ? new XElement(element ?? name, text) : null;
}
