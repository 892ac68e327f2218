using Infrastructure.Edge;
using Infrastructure.Lake;
using Pixel.Events;
using Pixel.Events.Lake;

namespace Infrastructure;

/// <summary>What <c>Program.cs</c> offers. Each answers the exit code, and says in one sentence what is wrong.</summary>
internal static class Commands
{
    public static int Synth(DirectoryInfo output, EdgeOptions options) => Run(() =>
    {
        foreach (var (_, template) in Synthesis.Edge(EventSchema.Load(), options, output.FullName))
        {
            Console.WriteLine(template);
        }
    });

    public static int Template() => Run(() =>
    {
        var schema = EventSchema.Load();
        var file = LakeTemplate.CommittedPath();
        if (NodeRuntime.IsThere())
        {
            using var folder = new TemporaryFolder();
            File.WriteAllText(file, LakeTemplateText.Format(File.ReadAllText(Synthesis.Lake(schema, folder.Path))));
            Console.WriteLine($"{file} is what the stack and pixel.fields.json say.");
        }
        else
        {
            // Enough for whoever edits the field file and has no Node.js: nothing else in the template depends on it.
            File.WriteAllText(file, LakeTemplateText.WithColumns(File.ReadAllText(file), schema));
            Console.WriteLine($"{file} has the columns of pixel.fields.json; the rest needs {NodeRuntime.Name}, which is not there.");
        }
    });

    private static int Run(Action command)
    {
        try
        {
            command();
            return 0;
        }
        catch (Exception error) when (error is FieldFileException or EdgeOptionsException or NodeMissingException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }
}
