using Beacon.Api.Tests.Journal;

namespace Beacon.Api.Tests;

/// <summary>Field files for one test.</summary>
internal static class FieldFiles
{
    /// <summary>Writes a file with these fields into the folder and gives the setting that names it.</summary>
    public static (string Key, string Value) With(this TempFolder folder, string fields)
    {
        string path = folder["test.fields.json"];
        File.WriteAllText(path, $$"""{ "fields": [{{fields}}] }""");
        return ("Fields:File", path);
    }
}
