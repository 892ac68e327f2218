namespace Catalog.Worker.Jobs;

/// <summary>Whether the worker runs jobs at their times by itself: section <c>Scheduler</c>.</summary>
public sealed class SchedulerOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Scheduler";

    /// <summary>
    /// Whether the worker's own schedules are on. Off, jobs run on request only. The default is on; in Lambda, where
    /// nothing runs between two requests and the schedules are those of EventBridge, it is off.
    /// </summary>
    public bool Enabled { get; set; } = true;
}

/// <summary>What differs where the program runs as a Lambda function.</summary>
internal static class LambdaDefaults
{
    /// <summary>Lambda sets it (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).</summary>
    public const string FunctionName = "AWS_LAMBDA_FUNCTION_NAME";

    /// <summary>Three minutes before a function is ended.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(12);

    public static bool Apply(IConfiguration configuration) => !string.IsNullOrEmpty(configuration[FunctionName]);
}
