using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;
using Amazon.Util;

namespace StandIns;

/// <summary>
/// How one operation goes over the wire. The SDK's pipeline signs, sends and retries; this writes the request once,
/// before the retries, and reads what came back.
/// </summary>
internal sealed class Operation<TRequest, TResponse>
    where TRequest : AmazonWebServiceRequest
    where TResponse : AmazonWebServiceResponse, new()
{
    public Operation(Service service, string name, string[] errors, JsonTypeInfo<TRequest> request, JsonTypeInfo<TResponse> response)
        => Options = new InvokeOptions
        {
            RequestMarshaller = new Marshaller(service, $"{service.TargetPrefix}.{name}", request),
            ResponseUnmarshaller = new Unmarshaller(service, errors, response),
        };

    public InvokeOptions Options { get; }

    private sealed class Marshaller(Service service, string target, JsonTypeInfo<TRequest> shape) : IMarshaller<IRequest, AmazonWebServiceRequest>
    {
        public IRequest Marshall(AmazonWebServiceRequest input)
        {
            var content = new PooledContentStream();
            var request = new DefaultRequest(input, service.Namespace) { HttpMethod = "POST", ResourcePath = "/", ContentStream = content };
            request.Headers["X-Amz-Target"] = target;
            request.Headers[HeaderKeys.ContentTypeHeader] = "application/x-amz-json-1.1";
            request.Headers[HeaderKeys.XAmzApiVersion] = service.ApiVersion;
            using var writer = new Utf8JsonWriter(content.BufferWriter);
            JsonSerializer.Serialize(writer, (TRequest)input, shape);
            return request;
        }
    }

    private sealed class Unmarshaller(Service service, string[] errors, JsonTypeInfo<TResponse> shape) : JsonResponseUnmarshaller
    {
        public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input)
        {
            using var body = new MemoryStream();
            input.Stream.CopyTo(body);
            return body.Length == 0
                ? new TResponse()
                : JsonSerializer.Deserialize(body.GetBuffer().AsSpan(0, (int)body.Length), shape) ?? new TResponse();
        }

        public override AmazonServiceException UnmarshallException(JsonUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
        {
            var reader = new StreamingUtf8JsonReader(input.Stream);
            var error = JsonErrorResponseUnmarshaller.GetInstance().Unmarshall(input, ref reader);
            error.InnerException = innerException;
            error.StatusCode = statusCode;
            return service.Exception(error, input.GetResponseBodyBytes(), errors);
        }
    }
}
