using System.Diagnostics;
using Amazon.Runtime;

namespace ServiceDefaults;

/// <summary>
/// Names the span of an HTTP request that is a call of AWS after the service and its operation, such as <c>Firehose
/// PutRecordBatch</c>, where the HTTP instrumentation alone would say <c>POST</c>.
/// </summary>
/// <remarks>
/// Of a request on its way only the JSON services tell the operation, in a header; S3 would have to be guessed from method
/// and query. So the client says, before it sends, what it is about, and that flows with the call. What is sent in between to
/// get credentials flows with it too and is left alone: it is not signed for this service.
/// </remarks>
/// <param name="Service">The service's id, as <c>rpc.service</c> takes it.</param>
/// <param name="SigningName">What requests of the service are signed for.</param>
/// <param name="Operation">The operation's name in the API.</param>
internal sealed record AwsCall(string Service, string SigningName, string Operation)
{
    private static readonly AsyncLocal<AwsCall?> Current = new();

    /// <summary>Has a client say what each of its calls is.</summary>
    public static void Follow(AmazonServiceClient client, ClientConfig config)
    {
        var signingName = config.AuthenticationServiceName ?? "";
        var service = config.ServiceId is { Length: > 0 } id ? id : signingName;
        client.BeforeRequestEvent += (_, args) =>
        {
            if (args is WebServiceRequestEventArgs { Request: { } request })
            {
                Current.Value = new(service, signingName, OperationOf(request));
            }
        };
    }

    /// <summary>Names the span of a request, when it is the one that the present call is about.</summary>
    /// <remarks>https://opentelemetry.io/docs/specs/semconv/cloud-providers/aws-sdk/</remarks>
    public static void Describe(Activity span, HttpRequestMessage request)
    {
        if (Current.Value is not { } call || !call.IsSigned(request))
        {
            return;
        }

        span.DisplayName = $"{call.Service} {call.Operation}";
        span.SetTag("rpc.system", "aws-api");
        span.SetTag("rpc.service", call.Service);
        span.SetTag("rpc.method", call.Operation);

        // Aspire's dashboard calls a span that has it "HTTP POST 200", whatever its name.
        span.SetTag("http.request.method", null);
    }

    // "AWS4-HMAC-SHA256 Credential=id/20261126/us-east-1/firehose/aws4_request, SignedHeaders=…"
    private bool IsSigned(HttpRequestMessage request) =>
        request.Headers.NonValidated.TryGetValues("Authorization", out var values)
        && values.ToString().Contains($"/{SigningName}/aws4_request", StringComparison.Ordinal);

    private static string OperationOf(AmazonWebServiceRequest request)
    {
        const string suffix = "Request";
        var type = request.GetType().Name;
        return type.EndsWith(suffix, StringComparison.Ordinal) ? type[..^suffix.Length] : type;
    }
}
