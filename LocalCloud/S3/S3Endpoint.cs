using System.Text;
using System.Xml.Linq;
using LocalCloud.Protocol;
using LocalCloud.Signing;

namespace LocalCloud.S3;

/// <summary>S3's REST-XML protocol.</summary>
internal sealed class S3Endpoint : IAwsEndpoint
{
    public string Name => "S3";

    public AwsException InternalError => new("InternalError", "We encountered an internal error. Please try again.", 500);

    public Task AnswerAsync(HttpContext context, AwsCall call, RequestSignature? signature) =>
        throw S3Errors.MethodNotAllowed(context.Request.Method, "SERVICE");

    public async Task RefuseAsync(HttpContext context, AwsCall call, AwsException error)
    {
        var content = new XElement(
            "Error",
            new XElement("Code", error.Code),
            new XElement("Message", error.Message),
            error.Details.Select(d => new XElement(d.Key, d.Value)),
            new XElement("RequestId", call.RequestId));
        var bytes = Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + content.ToString(SaveOptions.DisableFormatting));
        var response = context.Response;
        response.StatusCode = error.Status;
        response.ContentType = "application/xml";
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
