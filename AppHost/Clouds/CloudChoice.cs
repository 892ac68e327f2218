using Microsoft.Extensions.Configuration;

namespace AppHost.Clouds;

/// <summary>The cloud of this run, and why it is that one; the reason is shown in the dashboard.</summary>
/// <param name="Kind">Where the AWS services are.</param>
/// <param name="Reason">One sentence for a person.</param>
public sealed record CloudChoice(CloudKind Kind, string Reason)
{
    /// <summary>What is published is for AWS, whatever this machine has.</summary>
    public static CloudChoice Published { get; } = new(CloudKind.Aws, "What is published is for AWS.");

    /// <summary>
    /// Takes the setting <c>Cloud</c> (<c>embedded</c>, <c>localstack</c> or <c>aws</c>) when there is one.
    /// Without it LocalStack is taken where a container runtime answers, and the embedded cloud elsewhere.
    /// </summary>
    /// <exception cref="DistributedApplicationException">
    /// The setting has another value, or asks for LocalStack where no container runtime answers.
    /// </exception>
    public static CloudChoice From(IConfiguration configuration, Func<string?> findContainerRuntime)
    {
        var wanted = configuration["Cloud"];
        if (string.IsNullOrWhiteSpace(wanted))
        {
            return findContainerRuntime() is { } runtime
                ? new(CloudKind.LocalStack, $"The container runtime {runtime} answers.")
                : new(CloudKind.Embedded, "No container runtime answers.");
        }

        if (!Enum.TryParse<CloudKind>(wanted, ignoreCase: true, out var kind) || !Enum.IsDefined(kind) || char.IsAsciiDigit(wanted.Trim()[0]))
        {
            throw new DistributedApplicationException($"The setting Cloud is \"{wanted}\"; it takes embedded, localstack or aws.");
        }

        if (kind == CloudKind.LocalStack && findContainerRuntime() is null)
        {
            throw new DistributedApplicationException(
                "Cloud is set to localstack, but no container runtime answers: start Docker or Podman, or set Cloud to embedded.");
        }

        return new(kind, $"Cloud is set to {wanted}.");
    }
}
