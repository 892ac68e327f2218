using Pixel.Events;
using Pixel.Events.Lake;

namespace AppHost.Clouds;

/// <summary>
/// The lake template of this run: the committed one, with the columns of the field file. The committed one is up to date
/// only after somebody refreshed it; whoever edits the field file and starts the system must not lose the new field
/// meanwhile, since Firehose drops what the table does not name.
/// </summary>
/// <param name="FieldFile">The field file, which the projects are given too. Absolute.</param>
/// <param name="Path">The template. Absolute.</param>
/// <param name="EventFields">The value of the template's output of that name.</param>
internal sealed record LakeTemplate(string FieldFile, string Path, string EventFields)
{
    private const string Name = "pixel-lake.template.json";

    /// <summary>
    /// Writes it below the data folder, from the field file that the setting <c>Fields:File</c> names, else from the
    /// repository's: not from a copy beside a program, so that an edit needs no build.
    /// </summary>
    /// <exception cref="FieldFileException">The field file is missing or wrong; the sentence names every problem.</exception>
    public static LakeTemplate Write(IDistributedApplicationBuilder builder)
    {
        var repository = System.IO.Path.GetFullPath(System.IO.Path.Combine(builder.AppHostDirectory, ".."));
        var fieldFile = builder.Configuration["Fields:File"] is { Length: > 0 } named
            ? System.IO.Path.GetFullPath(named)
            : System.IO.Path.Combine(repository, Pixel.Events.FieldFile.DefaultName);
        var schema = EventSchema.Load(fieldFile);
        var committed = File.ReadAllText(System.IO.Path.Combine(repository, "Infrastructure", "Templates", Name));

        var path = builder.DataFolder(Name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, LakeTemplateText.WithColumns(committed, schema));
        return new(fieldFile, path, LakeTemplateText.FieldsOf(schema));
    }
}
