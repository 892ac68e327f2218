using System.Text.Json;
using LocalCloud.Protocol;

namespace LocalCloud.Firehose;

/// <summary>A small JSON file that is always either what it was or what it shall be, however the process ends.</summary>
internal static class AtomicFile
{
    public static void Write<T>(string path, T value)
    {
        var temporary = path + ".tmp";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(value, AwsJson.Options));
        File.Move(temporary, path, overwrite: true);
    }

    public static T? Read<T>(string path)
        where T : class =>
        File.Exists(path) ? JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), AwsJson.Options) : null;
}
