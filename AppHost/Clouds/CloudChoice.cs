using Microsoft.Extensions.Configuration;

namespace AppHost.Clouds;

/// <summary>The cloud of this run, and why it is that one; the reason is shown in the dashboard.</summary>
/// <param name="Kind">Where the AWS services are.</param>
/// <param name="Reason">One sentence for a person.</param>
public sealed record CloudChoice(CloudKind Kind, string Reason)
{
    /// <summary>
    /// Takes the setting <c>Cloud</c> (<c>embedded</c>, <c>localstack</c> or <c>aws</c>) when there is one.
    /// Without it LocalStack is taken where a container runtime answers, and the embedded cloud elsewhere.
    /// </summary>
    /// <exception cref="DistributedApplicationException">The setting has another value.</exception>
    public static CloudChoice From(IConfiguration configuration, Func<string?> findContainerRuntime)
    {
        var wanted = configuration["Cloud"];
        if (!string.IsNullOrWhiteSpace(wanted))
        {
            return Enum.TryParse<CloudKind>(wanted, ignoreCase: true, out var kind) && Enum.IsDefined(kind)
                ? new(kind, $"Cloud is set to {wanted}.")
                : throw new DistributedApplicationException(
                    $"The setting Cloud is \"{wanted}\"; it takes embedded, localstack or aws.");
        }

        return findContainerRuntime() is { } runtime
            ? new(CloudKind.LocalStack, $"The container runtime {runtime} answers.")
            : new(CloudKind.Embedded, "No container runtime answers.");
    }
}
