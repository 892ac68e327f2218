using Infrastructure.Publishing;

namespace Cli.Tests.Deployment;

public sealed class PackageZipTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pixel-zip-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_same_files_give_the_same_bytes_whenever_and_in_whatever_order_they_come()
    {
        PackageFile[] files = [Make("bootstrap", "program", isProgram: true), Make("b.json", "{}"), Make("a/c.txt", "text")];
        PackageZip.Write(Zip("one"), files);
        foreach (var file in files)
        {
            File.SetLastWriteTimeUtc(file.Path, new DateTime(2031, 5, 6, 7, 8, 9, DateTimeKind.Utc));
        }

        PackageZip.Write(Zip("two"), files.Reverse());

        Assert.Equal(File.ReadAllBytes(Zip("one")), File.ReadAllBytes(Zip("two")));
        Assert.Equal(PackageZip.VersionOf(files), PackageZip.VersionOf(files.Reverse()));
    }

    [Fact]
    public void Another_content_another_name_or_another_permission_is_another_version()
    {
        var file = Make("a", "text");
        var version = PackageZip.VersionOf([file]);

        Assert.NotEqual(version, PackageZip.VersionOf([Make("a", "other", folder: "x")]));
        Assert.NotEqual(version, PackageZip.VersionOf([file with { Name = "b" }]));
        Assert.NotEqual(version, PackageZip.VersionOf([file with { IsProgram = true }]));
    }

    private string Zip(string name) => Path.Combine(_folder.FullName, $"{name}.zip");

    private PackageFile Make(string name, string text, bool isProgram = false, string folder = "files")
    {
        var path = Path.Combine(_folder.FullName, folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return new(name, path, isProgram);
    }
}
