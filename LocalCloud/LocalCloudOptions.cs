using System.Text.RegularExpressions;
using LocalCloud.Templates;
using Microsoft.Extensions.Options;

namespace LocalCloud;

/// <summary>What LocalCloud is told from outside: section <c>LocalCloud</c>.</summary>
public sealed class LocalCloudOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "LocalCloud";

    /// <summary>Where it listens when nobody says otherwise: the emulators' usual port, on loopback only.</summary>
    public const string DefaultUrl = "http://127.0.0.1:4566";

    /// <summary>The folder everything is kept in; one process at a time. Relative to the working directory.</summary>
    public string DataFolder { get; set; } = Path.Combine(".pixel", "cloud");

    /// <summary>A CloudFormation template (JSON) whose resources exist once the start is over; none when empty.</summary>
    public string? Template { get; set; }

    /// <summary>Values for the template's parameters; a parameter that is not named keeps its default.</summary>
    public Dictionary<string, string> Parameters { get; set; } = new(StringComparer.Ordinal);

    /// <summary>
    /// What the parameters of Systems Manager are, by name: the values of a template's parameters whose type is
    /// <c>AWS::SSM::Parameter::Value&lt;…&gt;</c>. LocalCloud has no Systems Manager to ask.
    /// </summary>
    public Dictionary<string, string> SsmParameters { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The name of the stack that the template makes.</summary>
    public string StackName { get; set; } = "PixelLake";

    /// <summary>
    /// The resource types of the template that are created here, separated by commas; a <c>*</c> at the end stands for
    /// the rest: <c>AWS::Glue::*,AWS::Athena::*</c>. All when empty. The others are known by name all the same, as
    /// somebody else creates them from the same template.
    /// </summary>
    public string ResourceTypes { get; set; } = "";

    /// <summary>Resource types that LocalCloud does not have and that the template may name nevertheless, written likewise.</summary>
    public string IgnoredResourceTypes { get; set; } = "";

    /// <summary>Whether a request must carry a correct Signature Version 4. Signatures are read either way.</summary>
    public bool Verify { get; set; }

    /// <summary>The one access key that <see cref="Verify"/> accepts.</summary>
    public string? AccessKey { get; set; }

    /// <summary>The secret that belongs to <see cref="AccessKey"/>.</summary>
    public string? SecretKey { get; set; }

    /// <summary>The session token that must come with <see cref="AccessKey"/>; none when empty.</summary>
    public string? SessionToken { get; set; }

    /// <summary>The region of resources whose request does not name one.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>The account that owns everything: twelve digits.</summary>
    public string AccountId { get; set; } = "000000000000";
}

/// <summary>Checks the settings at the start; by hand, because a generated check does not name the section.</summary>
internal sealed partial class LocalCloudOptionsValidator : IValidateOptions<LocalCloudOptions>
{
    public ValidateOptionsResult Validate(string? name, LocalCloudOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (string.IsNullOrWhiteSpace(options.DataFolder))
        {
            problems.AddError("LocalCloud:DataFolder must name a folder.");
        }

        if (!StackIdentity.IsName(options.StackName))
        {
            problems.AddError("LocalCloud:StackName must be letters, digits and hyphens, starting with a letter, at most 128.");
        }

        if (!IsRegion(options.Region))
        {
            problems.AddError("LocalCloud:Region must be a region name such as us-east-1.");
        }

        if (!AccountId().IsMatch(options.AccountId))
        {
            problems.AddError("LocalCloud:AccountId must be twelve digits.");
        }

        if (options.Verify && (string.IsNullOrEmpty(options.AccessKey) || string.IsNullOrEmpty(options.SecretKey)))
        {
            problems.AddError("LocalCloud:Verify needs LocalCloud:AccessKey and LocalCloud:SecretKey.");
        }

        if (!string.IsNullOrEmpty(options.Template) && !File.Exists(options.Template))
        {
            problems.AddError($"LocalCloud:Template names '{options.Template}', which is not there.");
        }

        return problems.Build();
    }

    /// <summary>Whether a text can be the name of a region.</summary>
    public static bool IsRegion(string text) => Region().IsMatch(text);

    [GeneratedRegex(@"\A[a-z]{2}(-[a-z]+)+-[0-9]+\z")]
    private static partial Regex Region();

    [GeneratedRegex(@"\A[0-9]{12}\z")]
    private static partial Regex AccountId();
}
