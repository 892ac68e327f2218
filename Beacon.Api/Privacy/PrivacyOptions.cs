namespace Beacon.Api.Privacy;

/// <summary>Settings of what is removed when a visitor refuses to be tracked.</summary>
public sealed class PrivacyOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Privacy";

    /// <summary>
    /// Parameters that identify the visitor without being a field; null for the click ids of advertising networks and
    /// what is often passed on by mistake. Those of fields with <c>"identifies": true</c> need not be listed.
    /// </summary>
    public string[]? IdentifyingParameters { get; set; }

    internal static readonly string[] DefaultIdentifyingParameters =
    [
        "gclid", "gbraid", "wbraid", "dclid", "fbclid", "msclkid", "ttclid", "twclid", "yclid", "li_fat_id", "igshid", "mc_eid", "_ga", "_gl",
        "email", "e-mail", "mail", "phone", "tel", "name", "first_name", "last_name", "username", "login", "uid",
        "visitor_id", "client_id", "device_id", "session_id", "ip",
    ];
}
