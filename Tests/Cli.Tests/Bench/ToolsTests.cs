using Cli.Bench;

namespace Cli.Tests.Bench;

public class ToolsTests
{
    [Fact]
    public void What_is_missing_is_one_sentence_with_the_packages_of_Debian()
    {
        var neither = Assert.Throws<CommandFailure>(() => Tools.Find(withNginx: true, isLinux: true, folders: []));
        var wrk = Assert.Throws<CommandFailure>(() => Tools.Find(withNginx: false, isLinux: true, folders: []));

        Assert.Equal("This benchmark needs nginx and wrk: `apt-get install nginx-light wrk` on Debian.", neither.Message);
        Assert.Equal("This benchmark needs wrk: `apt-get install wrk` on Debian.", wrk.Message);
    }

    [Fact]
    public void Elsewhere_than_on_Linux_it_says_so()
    {
        var failure = Assert.Throws<CommandFailure>(() => Tools.Find(withNginx: true, isLinux: false, folders: []));

        Assert.Equal("The benchmarks run on Linux alone: they read /proc and drive the servers with wrk.", failure.Message);
    }

    [Fact]
    public void They_are_found_in_the_first_folder_that_has_them()
    {
        var folder = Directory.CreateTempSubdirectory("pixel-tools-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "wrk"), "");

            Assert.Equal(new Tools(Path.Combine(folder, "wrk"), Nginx: null), Tools.Find(withNginx: false, isLinux: true, [Path.Combine(folder, "none"), folder]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
