using System.Text.Json;
using System.Xml.Linq;
using LocalCloud.Protocol;

namespace LocalCloud.S3;

/// <summary>Get…, Put… and Delete… of a bucket's sub-resources.</summary>
internal sealed class BucketSettingOperations(BucketSettings settings)
{
    public async Task Get(S3Request request, BucketSetting setting)
    {
        var content = settings.Find(request.Bucket!, setting.Name);
        if (setting.Root is null)
        {
            request.Response.ContentType = "application/json";
            await request.Response.WriteAsync(content ?? throw Missing(request, setting), request.Cancellation);
            return;
        }

        await request.WriteXmlAsync(content is not null ? InNamespace(XElement.Parse(content, LoadOptions.PreserveWhitespace)) : Default(request, setting));
    }

    public async Task Put(S3Request request, BucketSetting setting)
    {
        if (setting.Name == "acl" && request.Claims.Length == 0)
        {
            await request.WriteNothingAsync(); // a canned ACL, in a header: the owner may do everything in any case
            return;
        }

        var content = setting.Root is null ? await ReadPolicyAsync(request) : (await request.ReadXmlAsync(setting.Root)).ToString(SaveOptions.DisableFormatting);
        settings.Put(request.Bucket!, setting.Name, content);
        await request.WriteNothingAsync(setting.Name is "policy" or "tagging" ? 204 : 200);
    }

    public Task Delete(S3Request request, BucketSetting setting)
    {
        if (setting.Missing is null && setting.Name != "encryption")
        {
            throw S3Errors.MethodNotAllowed("DELETE", setting.Name.ToUpperInvariant());
        }

        settings.Delete(request.Bucket!, setting.Name);
        return request.WriteNothingAsync(204);
    }

    public Task PolicyStatus(S3Request request)
    {
        if (settings.Find(request.Bucket!, "policy") is null)
        {
            throw new AwsException("NoSuchBucketPolicy", "The bucket policy does not exist", 404) { Details = [new("BucketName", request.Bucket!)] };
        }

        return request.WriteXmlAsync(S3Xml.Element("PolicyStatus", S3Xml.Element("IsPublic", "FALSE")));
    }

    private static async Task<string> ReadPolicyAsync(S3Request request)
    {
        var content = await request.ReadTextAsync();
        try
        {
            using var policy = JsonDocument.Parse(content);
            return policy.RootElement.ValueKind == JsonValueKind.Object ? content : throw Malformed();
        }
        catch (JsonException)
        {
            throw Malformed();
        }

        static AwsException Malformed() => new("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'");
    }

    private static XElement Default(S3Request request, BucketSetting setting) => setting switch
    {
        { Missing: not null } => throw Missing(request, setting),
        { Default: { } content } => InNamespace(XElement.Parse($"<{setting.Root}>{content}</{setting.Root}>")),
        _ => OwnerHasFullControl(request),
    };

    /// <summary>The ACL that everything has.</summary>
    internal static XElement OwnerHasFullControl(S3Request request)
    {
        XNamespace instance = "http://www.w3.org/2001/XMLSchema-instance";
        return S3Xml.Element(
            "AccessControlPolicy",
            S3Owner.Element(request.Call),
            S3Xml.Element("AccessControlList", S3Xml.Element(
                "Grant",
                S3Xml.Element(
                    "Grantee",
                    new XAttribute(XNamespace.Xmlns + "xsi", instance),
                    new XAttribute(instance + "type", "CanonicalUser"),
                    S3Xml.Element("ID", S3Owner.Id(request.Call))),
                S3Xml.Element("Permission", "FULL_CONTROL"))));
    }

    private static AwsException Missing(S3Request request, BucketSetting setting) =>
        new(setting.Missing!.Value.Code, setting.Missing.Value.Message, 404) { Details = [new("BucketName", request.Bucket!)] };

    // Clients may put XML without the namespace; what they get back has it.
    private static XElement InNamespace(XElement element)
    {
        foreach (var part in element.DescendantsAndSelf().Where(e => e.Name.NamespaceName.Length == 0))
        {
            part.Name = S3Xml.Namespace + part.Name.LocalName;
        }

        return element;
    }
}
