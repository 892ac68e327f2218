using Microsoft.Extensions.Options;
using Pixel.Events;

namespace Beacon.Api.Extraction;

/// <summary>Where the field file is.</summary>
public sealed class FieldsOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Fields";

    /// <summary>The field file; a relative path starts at the working directory. Empty: the copy beside the program.</summary>
    public string? File { get; set; }
}

/// <summary>Reads the field file at the start, so that a wrong one stops it with everything that is wrong.</summary>
internal sealed class FieldsOptionsValidator : IValidateOptions<FieldsOptions>
{
    public ValidateOptionsResult Validate(string? name, FieldsOptions options)
    {
        try
        {
            FieldFile.Load(options.File);
            return ValidateOptionsResult.Success;
        }
        catch (FieldFileException e)
        {
            return ValidateOptionsResult.Fail(e.Message);
        }
    }
}
