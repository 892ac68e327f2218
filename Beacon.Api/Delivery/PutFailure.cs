using System.Net;
using Amazon.KinesisFirehose.Model;
using Amazon.Runtime;
using Beacon.Api.Identity;

namespace Beacon.Api.Delivery;

/// <summary>Why a put, or a message to the queue, was not taken.</summary>
/// <param name="Code">The service's error code, or the kind of failure where there was no answer. Few different ones.</param>
/// <param name="Message">For people.</param>
/// <param name="Throttled">Whether the service asks to be asked less.</param>
/// <param name="MayHaveArrived">
/// Whether it may have been taken all the same: there was no answer, or none that says. False only when it certainly was not.
/// </param>
internal sealed record PutFailure(string Code, string Message, bool Throttled, bool MayHaveArrived)
{
    public static PutFailure NoAnswer(TimeSpan timeout) => new("Timeout", $"no answer within {timeout}", Throttled: false, MayHaveArrived: true);

    public static PutFailure Of(Exception exception) => exception is CredentialsUnavailableException ? new PutFailure("NoCredentials", exception.Message, Throttled: false, MayHaveArrived: false)
        : exception is AmazonServiceException service
        ? new PutFailure(
            string.IsNullOrEmpty(service.ErrorCode) ? $"HTTP {(int)service.StatusCode}" : service.ErrorCode,
            service.Message,
            service is ServiceUnavailableException
                || service.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
                || IsThrottling(service.ErrorCode),
            !IsRefusal(service.StatusCode) && !NeverLeft(exception))
        : new PutFailure(exception.GetType().Name, exception.Message, Throttled: false, MayHaveArrived: !NeverLeft(exception));

    public static bool IsThrottling(string? code) =>
        code is "ServiceUnavailableException" or "ServiceUnavailable" or "LimitExceededException"
        || (code is not null && code.Contains("Throttl", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether AWS took the keys that the call was signed with for expired.</summary>
    public bool IsExpiredToken => Code is "ExpiredTokenException" or "ExpiredToken";

    /// <remarks>Any other 5xx may come after the work was done.</remarks>
    private static bool IsRefusal(HttpStatusCode status) => (int)status is (>= 400 and < 500) or 503;

    /// <summary>Whether there never was a connection that could have carried it.</summary>
    private static bool NeverLeft(Exception? exception) => exception is not null
        && (exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }
            || NeverLeft(exception.InnerException));
}
