using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace LocalCloud;

/// <summary>What LocalCloud is told from outside: section <c>LocalCloud</c>.</summary>
public sealed class LocalCloudOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "LocalCloud";

    /// <summary>Where it listens when nobody says otherwise: the emulators' usual port, on loopback only.</summary>
    public const string DefaultUrl = "http://127.0.0.1:4566";

    internal const string StackNamePattern = @"\A[A-Za-z][A-Za-z0-9-]{0,127}\z";

    /// <summary>The folder everything is kept in; one process at a time. Relative to the working directory.</summary>
    [Required]
    public string DataFolder { get; set; } = Path.Combine(".pixel", "cloud");

    /// <summary>A CloudFormation template (JSON) whose resources exist once the start is over; none when empty.</summary>
    public string? Template { get; set; }

    /// <summary>Values for the template's parameters; a parameter that is not named keeps its default.</summary>
    public Dictionary<string, string> Parameters { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The name of the stack that the template makes.</summary>
    [Required]
    [RegularExpression(StackNamePattern, ErrorMessage = "LocalCloud:StackName must be letters, digits and hyphens, starting with a letter, at most 128.")]
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
    [Required]
    [RegularExpression("^[a-z]{2}(-[a-z]+)+-[0-9]+$", ErrorMessage = "LocalCloud:Region must be a region name such as us-east-1.")]
    public string Region { get; set; } = "us-east-1";

    /// <summary>The account that owns everything: twelve digits.</summary>
    [Required]
    [RegularExpression("^[0-9]{12}$", ErrorMessage = "LocalCloud:AccountId must be twelve digits.")]
    public string AccountId { get; set; } = "000000000000";
}

/// <summary>The rules the attributes state.</summary>
[OptionsValidator]
internal sealed partial class LocalCloudOptionsValidator : IValidateOptions<LocalCloudOptions>;

/// <summary>The rules between settings.</summary>
internal sealed class LocalCloudSettingsBelongTogether : IValidateOptions<LocalCloudOptions>
{
    public ValidateOptionsResult Validate(string? name, LocalCloudOptions options)
    {
        var failures = new List<string>();
        if (options.Verify && (string.IsNullOrEmpty(options.AccessKey) || string.IsNullOrEmpty(options.SecretKey)))
        {
            failures.Add("LocalCloud:Verify needs LocalCloud:AccessKey and LocalCloud:SecretKey.");
        }

        if (!string.IsNullOrEmpty(options.Template) && !File.Exists(options.Template))
        {
            failures.Add($"LocalCloud:Template names '{options.Template}', which is not there.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
