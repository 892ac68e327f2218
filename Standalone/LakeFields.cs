using Pixel.Events;
using Pixel.Events.Lake;
using ServiceDefaults;

namespace Standalone;

/// <summary>
/// The field file of this run, and the lake template with its columns. The committed template is up to date only after
/// somebody refreshed it; whoever edits the field file and starts the system must not lose the new field meanwhile,
/// since Firehose drops what the table does not name.
/// </summary>
internal sealed class LakeFields
{
    private const string Template = "pixel-lake.template.json";

    private readonly EventSchema _schema;

    private LakeFields(string file, EventSchema schema)
    {
        File = file;
        _schema = schema;
    }

    /// <summary>The field file's absolute path.</summary>
    public string File { get; }

    /// <summary>Reads the file that the setting <c>Fields:File</c> names in the environment, else the one beside the program.</summary>
    /// <exception cref="StartupException">The file is missing or wrong; the sentence names every problem.</exception>
    public static LakeFields Load()
    {
        var named = Environment.GetEnvironmentVariable("Fields__File");
        var file = Path.GetFullPath(string.IsNullOrWhiteSpace(named) ? FieldFile.DefaultPath : named);
        try
        {
            return new(file, EventSchema.Load(file));
        }
        catch (FieldFileException error)
        {
            throw new StartupException(error.Message, error);
        }
    }

    /// <summary>Writes the template with the file's columns below the data folder.</summary>
    /// <returns>Its path.</returns>
    public string WriteTemplate(string dataFolder)
    {
        var committed = System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, Template));
        var path = Path.Combine(dataFolder, Template);
        System.IO.File.WriteAllText(path, LakeTemplateText.WithColumns(committed, _schema));
        return path;
    }
}
