using Amazon.Runtime;

namespace Beacon.Api.Identity;

/// <summary>There are no keys to sign a call with, so it was not made: nothing can have arrived.</summary>
/// <param name="message">Why STS gave none.</param>
internal sealed class CredentialsUnavailableException(string message) : AmazonClientException(message);
