using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Schema;

/// <summary>Who the events table belongs to: section <c>Jobs:schema</c>, beside the schedule.</summary>
public sealed class SchemaOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = $"{JobOptions.Section}:{SchemaJob.JobName}";

    /// <summary>The field file; empty: <c>pixel.fields.json</c> beside the program.</summary>
    public string FieldFile { get; set; } = "";

    /// <summary>
    /// <c>template</c>: the lake template declares the table, and this job only says what to deploy. <c>worker</c>: nothing
    /// else changes the table, and this job adds columns to it.
    /// </summary>
    public string Owner { get; set; } = "template";
}

internal sealed class SchemaOptionsValidator : IValidateOptions<SchemaOptions>
{
    public ValidateOptionsResult Validate(string? name, SchemaOptions options)
        => options.Owner is "template" or "worker"
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{SchemaOptions.Section}:Owner must be template or worker, not '{options.Owner}'");
}
