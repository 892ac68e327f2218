using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace LocalCloud.S3;

/// <summary>How S3 writes XML and the values in it.</summary>
internal static class S3Xml
{
    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        // A key may hold characters that XML 1.0 has no place for; S3 writes them as references all the same.
        CheckCharacters = false,
    };

    /// <summary>The namespace of answers; errors have none.</summary>
    public static XNamespace Namespace { get; } = "http://s3.amazonaws.com/doc/2006-03-01/";

    /// <summary>An element of an answer.</summary>
    public static XElement Element(string name, params object?[] content) => new(Namespace + name, content);

    /// <summary>An element that is left out when it has no value.</summary>
    public static XElement? Optional(string name, object? value) => value is null ? null : Element(name, value);

    /// <summary>A time as listings write it: whole seconds, and three zeros for the rest.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'.000Z'", CultureInfo.InvariantCulture);

    /// <summary>The text of a child element whatever its namespace; null when there is none.</summary>
    public static string? Text(this XElement parent, string name) => parent.Child(name)?.Value;

    /// <summary>A child element whatever its namespace.</summary>
    public static XElement? Child(this XElement parent, string name) => parent.Children(name).FirstOrDefault();

    /// <summary>Child elements whatever their namespace: clients leave it out.</summary>
    public static IEnumerable<XElement> Children(this XElement parent, string name) => parent.Elements().Where(e => e.Name.LocalName == name);

    public static async Task WriteAsync(HttpContext http, int status, XElement content)
    {
        var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, Settings))
        {
            content.Save(writer);
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml";
        http.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), http.RequestAborted);
        }
    }
}
