using System.Text.Encodings.Web;
using System.Text.Json;

namespace LocalCloud.Templates;

/// <summary>
/// Remembers stacks, one JSON file each in <c>stacks/</c> of the data folder. A file is replaced as a whole, so that it
/// is either the old or the new one; it is written after every resource, so that a start that was cut off goes on
/// where it stopped. Losing one costs nothing but updates of resources that need none.
/// </summary>
internal sealed class StackStore(DataFolder folder)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly string _folder = folder.Subfolder("stacks");

    /// <summary>The stack of that name, or null.</summary>
    public DeployedStack? Find(string name)
    {
        // A name from a request may be anything; only a stack's name becomes a path.
        return StackIdentity.IsName(name) && File.Exists(PathOf(name)) ? Read(PathOf(name)) : null;
    }

    /// <summary>Every stack, by name.</summary>
    public IReadOnlyList<DeployedStack> All() =>
        [.. Directory.EnumerateFiles(_folder, "*.json").Order(StringComparer.Ordinal).Select(Read).OfType<DeployedStack>()];

    public void Save(DeployedStack stack)
    {
        var unfinished = PathOf(stack.Name) + ".new";
        File.WriteAllBytes(unfinished, JsonSerializer.SerializeToUtf8Bytes(stack, Options));
        File.Move(unfinished, PathOf(stack.Name), overwrite: true);
    }

    /// <summary>Forgets a stack.</summary>
    public void Delete(string name) => File.Delete(PathOf(name));

    private static DeployedStack? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<DeployedStack>(File.ReadAllBytes(path), Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string PathOf(string name) => Path.Combine(_folder, $"{name}.json");
}
