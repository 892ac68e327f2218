using System.Security.Cryptography;
using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Erasure;

/// <summary>How people's events are erased: section <c>Jobs:erasure</c>, beside the schedule.</summary>
public sealed class ErasureOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = $"{JobOptions.Section}:{ErasureJob.JobName}";

    /// <summary>
    /// The private key that receipts are signed with: ECDSA over NIST P-256, PKCS #8 in base64. Empty: one is made and kept
    /// in the bucket, where whoever can read the events can read it.
    /// </summary>
    public string SigningKey { get; set; } = "";

    /// <summary>The folder of Athena's query results in the bucket, with the closing slash.</summary>
    public string ResultsPrefix { get; set; } = "athena-results/";

    internal IEnumerable<string> Problems()
    {
        if (ResultsPrefix.Length == 0 || ResultsPrefix.StartsWith('/') || !ResultsPrefix.EndsWith('/'))
        {
            yield return $"{Section}:ResultsPrefix must end with / and not start with it, not '{ResultsPrefix}'";
        }

        var isKey = true;
        if (SigningKey.Length > 0)
        {
            try
            {
                ReceiptSigner.Import(SigningKey).Dispose();
            }
            catch (Exception e) when (e is CryptographicException or FormatException)
            {
                isKey = false;
            }
        }

        if (!isKey)
        {
            yield return $"{Section}:SigningKey must be a private key of ECDSA in PKCS #8, as base64";
        }
    }
}

internal sealed class ErasureOptionsValidator : IValidateOptions<ErasureOptions>
{
    public ValidateOptionsResult Validate(string? name, ErasureOptions options)
        => options.Problems().ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
