using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Infrastructure.Publishing;

namespace Cli.Tests.Deployment;

[Collection(UsesPublication.Name)]
public class PublishTests(Publication publication)
{
    [Fact]
    public void The_beacons_package_holds_the_program_and_the_field_file_and_nothing_else()
    {
        using var zip = ZipFile.OpenRead(publication.Package("beacon"));

        Assert.Equal(["bootstrap", "pixel.fields.json"], zip.Entries.Select(entry => entry.FullName));
        using var fields = new StreamReader(zip.GetEntry("pixel.fields.json")!.Open());
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "pixel.fields.json")), fields.ReadToEnd());
    }

    [Fact]
    public void The_beacons_package_is_under_12_MB_and_the_command_says_its_size()
    {
        var size = new FileInfo(publication.Package("beacon")).Length;

        Assert.InRange(size, 1_000_000, 12_000_000);
        Assert.Contains($"{size / 1e6:0.0} MB zipped", publication.Run.Out);
    }

    [Fact]
    public void The_workers_package_holds_the_runtime_and_unpacks_to_less_than_Lambda_takes()
    {
        using var zip = ZipFile.OpenRead(publication.Package("worker"));

        Assert.Superset(
            new HashSet<string> { "bootstrap", "Catalog.Worker.dll", "libcoreclr.so", "System.Private.CoreLib.dll", "pixel.fields.json" },
            zip.Entries.Select(entry => entry.FullName).ToHashSet());
        Assert.DoesNotContain(zip.Entries, entry => entry.Name.EndsWith(".pdb", StringComparison.Ordinal));
        Assert.InRange(zip.Entries.Sum(entry => entry.Length), 1, PublishedPackage.MostUnpacked);
    }

    [Theory]
    [InlineData("beacon")]
    [InlineData("worker")]
    public void Only_bootstrap_is_executable_and_no_file_has_a_time_of_its_own(string program)
    {
        using var zip = ZipFile.OpenRead(publication.Package(program));

        Assert.All(zip.Entries, entry =>
        {
            Assert.Equal(entry.Name == "bootstrap" ? 0x81ED : 0x81A4, entry.ExternalAttributes >>> 16);
            Assert.Equal(new DateTime(1980, 1, 1), entry.LastWriteTime.DateTime);
        });
        // Made on Unix (3), or the bits would mean nothing.
        var bytes = File.ReadAllBytes(publication.Package(program)).AsSpan();
        Assert.Equal(3, bytes[bytes.LastIndexOf("PK\u0001\u0002"u8) + 5]);
    }

    [Fact]
    public void The_beacon_needs_no_newer_C_library_than_Lambda_has()
    {
        var program = Path.Combine(Directory.CreateTempSubdirectory("pixel-glibc-").FullName, "bootstrap");
        using (var zip = ZipFile.OpenRead(publication.Package("beacon")))
        {
            zip.GetEntry("bootstrap")!.ExtractToFile(program);
        }

        var needed = GlibcRequirement.Of(program);

        Assert.InRange(needed!, new Version(2, 17), GlibcRequirement.InLambda);
        if (Programs.Find("objdump") is { } objdump)
        {
            using var process = Process.Start(new ProcessStartInfo(objdump, ["-T", program]) { RedirectStandardOutput = true })!;
            var versions = Regex.Matches(process.StandardOutput.ReadToEnd(), @"GLIBC_(\d+(\.\d+)+)").Select(match => Version.Parse(match.Groups[1].Value));
            Assert.Equal(versions.Max(), needed);
        }

        Directory.Delete(Path.GetDirectoryName(program)!, recursive: true);
    }

    [Fact]
    public void Every_template_goes_into_CloudFormation_without_a_bucket()
    {
        Assert.Equal(Publication.Stacks.Order(), Directory.GetFiles(publication["cdk.out"], "*.template.json").Select(file => Path.GetFileName(file).Split('.')[0]).Order());
        Assert.All(Publication.Stacks, stack =>
        {
            Assert.NotEmpty(publication.Template(stack)["Resources"]!.AsObject());
            Assert.InRange(new FileInfo(publication["cdk.out", $"{stack}.template.json"]).Length, 1, 51_200);
        });
    }

    [Fact]
    public void Each_parameter_file_has_exactly_the_parameters_of_its_template_that_are_no_secrets()
    {
        Assert.All(Publication.Stacks, stack =>
            Assert.Equal(publication.Template(stack)["Parameters"]!.AsObject().Where(one => one.Value!["NoEcho"] is null).Select(one => one.Key), publication.Parameters(stack).Keys));
    }

    [Fact]
    public void What_is_filled_in_is_an_output_of_a_stack_that_is_deployed_before()
    {
        var outputs = new HashSet<string> { "${PackageBucket}" };
        foreach (var stack in Publication.Stacks)
        {
            Assert.Subset(outputs, publication.Parameters(stack).Values.Where(value => value.StartsWith("${", StringComparison.Ordinal)).ToHashSet());
            outputs.UnionWith(publication.Template(stack)["Outputs"]!.AsObject().Select(one => $"${{{stack}.{one.Key}}}"));
        }

        Assert.Equal("${PixelEdgeGlobal.WebAclArn}", publication.Parameters("PixelEdge")["WebAclArn"]);
        Assert.Equal("${PixelEdge.DistributionId}", publication.Parameters("PixelEdgeWatch")["DistributionId"]);
        Assert.Equal("${PixelEdge.OverflowQueueArn}", publication.Parameters("PixelWorker")["OverflowQueueArn"]);
    }

    [Fact]
    public void Keys_name_the_packages_and_given_values_are_kept()
    {
        Assert.Equal($"pixelaspire/{Path.GetFileName(publication.Package("beacon"))}", publication.Parameters("PixelEdge")["PackageKey"]);
        Assert.Equal($"pixelaspire/{Path.GetFileName(publication.Package("worker"))}", publication.Parameters("PixelWorker")["PackageKey"]);
        Assert.Equal("900", publication.Parameters("PixelLake")["BufferSeconds"]);
    }

    [Fact]
    public void The_page_names_every_stack_in_order_every_package_and_the_clean_up()
    {
        var page = File.ReadAllText(publication["README.md"]);

        var places = Publication.Stacks.Select(stack => page.IndexOf($"--stack-name {stack} ", StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.All(new[] { "beacon", "worker" }, program => Assert.Contains(Path.GetFileName(publication.Package(program)), page));
        Assert.Contains("./destroy.sh --delete-data", page);
    }

    [Theory]
    [InlineData("fill.sh")]
    [InlineData("deploy.sh")]
    [InlineData("destroy.sh")]
    public void Scripts_can_be_run_as_they_are(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-n", publication[script]]) { RedirectStandardError = true })!;

        Assert.Equal("", process.StandardError.ReadToEnd());
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(publication[script]).HasFlag(UnixFileMode.UserExecute));
    }
}
