using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Redrive;

/// <summary>Where undelivered events lie: section <c>Jobs:redrive</c>, beside the schedule.</summary>
public sealed class RedriveOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = $"{JobOptions.Section}:{RedriveJob.JobName}";

    /// <summary>The folder of the bucket in which Firehose puts what it could not convert, with the closing slash.</summary>
    public string ErrorsPrefix { get; set; } = "errors/";

    /// <summary>The beacon's dead-letter folder (<c>{Journal:Folder}/dead-letter</c>), where the worker can reach it; empty: it cannot.</summary>
    public string DeadLetterFolder { get; set; } = "";

    /// <summary>The URL of the queue in which a beacon in Lambda puts what Firehose did not take; empty: there is none.</summary>
    public string QueueUrl { get; set; } = "";

    /// <summary>How often an event is sent again before it is put aside for good; 1 to 10.</summary>
    public int MaxAttempts { get; set; } = 3;

    internal IEnumerable<string> Problems()
    {
        if (ErrorsPrefix.Length == 0 || ErrorsPrefix.StartsWith('/') || !ErrorsPrefix.EndsWith('/'))
        {
            yield return $"{Section}:ErrorsPrefix must end with / and not start with it, not '{ErrorsPrefix}'";
        }

        if (QueueUrl.Length > 0 && !(Uri.TryCreate(QueueUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
        {
            yield return $"{Section}:QueueUrl must be the URL of an SQS queue, not '{QueueUrl}'";
        }

        if (MaxAttempts is < 1 or > 10)
        {
            yield return $"{Section}:MaxAttempts must be between 1 and 10, not {MaxAttempts}";
        }
    }
}

internal sealed class RedriveOptionsValidator : IValidateOptions<RedriveOptions>
{
    public ValidateOptionsResult Validate(string? name, RedriveOptions options)
        => options.Problems().ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
