namespace ServiceDefaults;

/// <summary>Whether this host sends telemetry.</summary>
public sealed class TelemetryOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Telemetry";

    /// <summary>
    /// On unless turned off. OpenTelemetry's providers listen by name to the whole process, so of several hosts in one
    /// process exactly one has it on.
    /// </summary>
    public bool Enabled { get; set; } = true;
}
