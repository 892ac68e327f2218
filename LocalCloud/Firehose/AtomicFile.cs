using System.Text.Json;
using LocalCloud.Protocol;

namespace LocalCloud.Firehose;

/// <summary>
/// A small JSON file that is always either what it was or what it shall be, however the process ends. It is flushed before it takes its
/// name: otherwise a power loss, which costs the last records, could leave an empty file and cost all of them.
/// </summary>
internal static class AtomicFile
{
    public static void Write<T>(string path, T value)
    {
        var temporary = path + ".tmp";
        using (var file = File.Create(temporary))
        {
            JsonSerializer.Serialize(file, value, AwsJson.Options);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    public static T? Read<T>(string path)
        where T : class =>
        File.Exists(path) ? JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), AwsJson.Options) : null;
}
