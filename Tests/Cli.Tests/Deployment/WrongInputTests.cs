using Infrastructure;

namespace Cli.Tests.Deployment;

/// <summary>Nothing is compiled for these: what is wrong is said at once.</summary>
public sealed class WrongInputTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pixel-wrong-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("An HTTP API cannot have a web ACL", "--way", "httpapi", "--waf")]
    [InlineData("--package-bucket takes a name of 3 to 63", "--package-bucket", "My_Bucket")]
    [InlineData("--region takes a region such as eu-central-1, not europe.", "--region", "europe")]
    public async Task Options_that_make_no_sense_are_one_sentence(string sentence, params string[] options) => await AssertRefusedAsync(sentence, options);

    [Theory]
    [InlineData("No stack of this choice has a parameter Buffer; there are ", "--parameter", "Buffer=1")]
    [InlineData("PixelLake does not take BufferSeconds=1000, but a number from 1 to 900.", "--parameter", "BufferSeconds=1000")]
    [InlineData("PixelLake does not take DataFormat=csv, but one of parquet, json.", "--parameter", "DataFormat=csv")]
    [InlineData("PixelLake does not take BucketName=A, but 3 to 63 lower-case letters", "--parameter", "PixelLake.BucketName=A")]
    [InlineData("--parameter takes Name=Value or Stack.Name=Value, not BufferSeconds.", "--parameter", "BufferSeconds")]
    [InlineData("BufferSeconds is given twice.", "--parameter", "BufferSeconds=1", "--parameter", "BufferSeconds=2")]
    [InlineData("AlertWebhookUrl is a secret and is not written into a file: set it when you deploy, as in AlertWebhookUrl=VALUE ./deploy.sh.", "--parameter", "AlertWebhookUrl=https://a.example/b")]
    [InlineData("PixelEdgeGlobal needs DomainName: add --parameter DomainName=VALUE.", "--custom-domain")]
    public async Task Parameters_that_no_template_takes_are_one_sentence_before_anything_is_compiled(string sentence, params string[] options)
    {
        Assert.SkipUnless(NodeRuntime.IsThere(), "Synthesizing needs Node.js, which is not on the path.");
        await AssertRefusedAsync(sentence, options);
    }

    [Fact]
    public async Task A_folder_of_somebody_elses_is_left_alone()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "thesis.txt"), "chapter one");

        await AssertRefusedAsync("is not empty and was not written by publish: choose another folder.");

        Assert.Equal(["thesis.txt"], _folder.EnumerateFileSystemInfos().Select(file => file.Name));
    }

    [Fact]
    public async Task A_processor_that_this_machine_cannot_compile_for_is_one_sentence()
    {
        Assert.SkipWhen(Programs.IsInstalled("aarch64-linux-gnu-gcc"), "This machine can compile for arm64.");
        Assert.SkipUnless(System.Runtime.InteropServices.RuntimeInformation.OSArchitecture is System.Runtime.InteropServices.Architecture.X64, "This machine is no x86_64.");

        await AssertRefusedAsync("This machine cannot compile the beacon for arm64", "--architecture", "arm64");
    }

    [Fact]
    public async Task Destroying_what_was_not_published_is_one_sentence()
    {
        var run = await CommandRun.OfAsync("destroy", "--output", _folder.FullName);

        Assert.Equal(new CommandRun(1, "", $"There is no destroy.sh in {_folder.FullName}: --output takes the folder that `dotnet pixel.cs publish` wrote.\n"), run);
    }

    private async Task AssertRefusedAsync(string sentence, params string[] options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && (Programs.IsInstalled("clang") || Programs.IsInstalled("gcc")), "Packages for Lambda are made on Linux with a linker, and that is asked first.");

        var run = await CommandRun.OfAsync(["publish", "--output", _folder.FullName, .. options]);

        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains(sentence, Assert.Single(run.Error.TrimEnd('\n').Split('\n'), line => !line.EndsWith(" s: templates", StringComparison.Ordinal)));
    }
}
