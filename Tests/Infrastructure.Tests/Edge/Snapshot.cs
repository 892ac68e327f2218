using Infrastructure.Lake;

namespace Infrastructure.Tests.Edge;

/// <summary>
/// Files that say what is to come out, beside the tests. With the variable <c>UPDATE_SNAPSHOTS=1</c> they are written anew;
/// what that changes is to be read in the commit.
/// </summary>
internal static class Snapshot
{
    private const string Update = "UPDATE_SNAPSHOTS";

    public static void AssertIs(string name, string text)
    {
        var root = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(LakeTemplate.CommittedPath())))!;
        var folder = Directory.CreateDirectory(Path.Combine(root, "Tests", "Infrastructure.Tests", "Edge", "Snapshots"));
        var path = Path.Combine(folder.FullName, $"{name}.txt");
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"{path} is not there: run the tests with {Update}=1.");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), text);
    }
}
