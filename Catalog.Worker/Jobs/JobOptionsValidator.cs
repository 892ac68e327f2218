using Microsoft.Extensions.Options;

namespace Catalog.Worker.Jobs;

/// <summary>Says what is wrong with a job's settings, by their full names.</summary>
internal sealed class JobOptionsValidator : IValidateOptions<JobOptions>
{
    public ValidateOptionsResult Validate(string? name, JobOptions options)
    {
        var problems = new List<string>();
        var section = $"{JobOptions.Section}:{name}";
        if (!JobSchedule.TryParse(options, out _, out var problem))
        {
            problems.Add($"{section}:{problem}");
        }

        if (options.Grace <= TimeSpan.Zero)
        {
            problems.Add($"{section}:Grace must be longer than zero");
        }

        if (options.Jitter < TimeSpan.Zero || options.Jitter > TimeSpan.FromDays(1))
        {
            problems.Add($"{section}:Jitter must be between zero and one day, not {options.Jitter}");
        }

        if (options.TimeLimit <= TimeSpan.Zero)
        {
            problems.Add($"{section}:TimeLimit must be longer than zero");
        }

        if (options.RetryAfter <= TimeSpan.Zero || options.RetryAtMost < options.RetryAfter)
        {
            problems.Add($"{section}:RetryAfter must be longer than zero and at most {section}:RetryAtMost");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
