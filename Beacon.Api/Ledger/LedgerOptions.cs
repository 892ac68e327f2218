using Microsoft.Extensions.Options;

namespace Beacon.Api.Ledger;

/// <summary>The beacon's own account in the stream: section <c>Ledger</c>.</summary>
public sealed class LedgerOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Ledger";

    /// <summary>Whether the beacon writes its counts into the stream.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// How often it does while there is something to tell; one second to one hour, and best a divisor of an hour: the times
    /// are counted from midnight, so that a full hour is always one of them.
    /// </summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromMinutes(1);
}

internal sealed class LedgerOptionsValidator : IValidateOptions<LedgerOptions>
{
    public ValidateOptionsResult Validate(string? name, LedgerOptions options)
        => options.Every >= TimeSpan.FromSeconds(1) && options.Every <= TimeSpan.FromHours(1)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Ledger:Every must be between one second and one hour, not {options.Every}");
}
