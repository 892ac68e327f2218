using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace StandIns;

/// <summary>Makes the typed exception of an error answer; <c>body</c> is that answer, for the members an error has of its own.</summary>
internal delegate AmazonServiceException ExceptionFactory(ErrorResponse error, JsonElement body);

/// <summary>
/// One service that speaks AWS JSON 1.1: its names on the wire, how its shapes become JSON, and its errors.
/// The shapes are written and read by <see cref="System.Text.Json"/>'s source generator, so nothing here reflects.
/// </summary>
internal sealed class Service : IServiceMetadata
{
    private readonly JsonSerializerOptions _json;
    private readonly Dictionary<string, ExceptionFactory> _errors;
    private readonly Func<ErrorResponse, AmazonServiceException> _otherError;

    public Service(
        string ns, string serviceId, string targetPrefix, string apiVersion, IJsonTypeInfoResolver shapes,
        JsonConverter[] constants, Dictionary<string, ExceptionFactory> errors, Func<ErrorResponse, AmazonServiceException> otherError)
    {
        Namespace = ns;
        ServiceId = serviceId;
        TargetPrefix = targetPrefix;
        ApiVersion = apiVersion;
        _errors = errors;
        _otherError = otherError;
        _json = Wire.Options(shapes, constants);
    }

    /// <summary>The namespace, by which the SDK's logs and metrics call the service.</summary>
    public string Namespace { get; }

    public string ServiceId { get; }

    public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();

    public string TargetPrefix { get; }

    public string ApiVersion { get; }

    /// <summary>One operation and the error codes its model names; any other code is the service's general exception.</summary>
    public Operation<TRequest, TResponse> Operation<TRequest, TResponse>(string name, params string[] errors)
        where TRequest : AmazonWebServiceRequest
        where TResponse : AmazonWebServiceResponse, new()
        => new(this, name, errors, (JsonTypeInfo<TRequest>)_json.GetTypeInfo(typeof(TRequest)), (JsonTypeInfo<TResponse>)_json.GetTypeInfo(typeof(TResponse)));

    public AmazonServiceException Exception(ErrorResponse error, ReadOnlyMemory<byte> body, string[] modelled)
        => error.Code is { } code && modelled.Contains(code) && _errors.TryGetValue(code, out var create)
            ? create(error, Wire.ParseOrEmpty(body))
            : _otherError(error);
}
