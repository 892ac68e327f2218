using Amazon.Runtime;

namespace Catalog.Worker.Jobs;

/// <summary>Tells what a failed run could not help from what is a defect, and says it in one sentence.</summary>
internal static class JobFailure
{
    /// <summary>The sentence for an exception that came from behind the worker; null for a defect.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        JobException e => e.Message,
        AmazonServiceException e when !string.IsNullOrEmpty(e.ErrorCode)
            => $"AWS refused with {e.ErrorCode}: {OneLine(e.Message)}",
        AmazonServiceException e => $"AWS did not answer: {OneLine(Innermost(e).Message)}",
        AmazonClientException e => OneLine(e.Message),
        HttpRequestException e => $"AWS did not answer: {OneLine(Innermost(e).Message)}",
        TimeoutException e => $"AWS did not answer in time: {OneLine(e.Message)}",
        // The HTTP client's own time limit looks like a cancelled call; one that the host cancelled never gets here.
        OperationCanceledException => "AWS did not answer in time.",
        _ => null,
    };

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }

    private static string OneLine(string message)
        => string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
