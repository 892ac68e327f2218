using System.Text.RegularExpressions;
using Infrastructure.Edge;
using Infrastructure.Functions;
using Infrastructure.Lake;
using Pixel.Events;

namespace Infrastructure.Publishing;

/// <summary>
/// Writes everything that a deployment needs into a folder: templates, parameters, packages, scripts, and the page that says
/// what to run. It needs no account and no container runtime.
/// </summary>
/// <param name="options">What to publish.</param>
/// <param name="step">Is told what begins, since compiling takes minutes.</param>
public sealed partial class Publisher(PublishOptions options, Action<string> step)
{
    private const string Beacon = "beacon", Worker = "worker";

    /// <summary>Publishes.</summary>
    /// <returns>The packages that were written.</returns>
    /// <exception cref="PublishException">It cannot; the message says what to do.</exception>
    /// <exception cref="EdgeOptionsException">The options do not go together.</exception>
    /// <exception cref="NodeMissingException">Node.js is not there.</exception>
    public async Task<IReadOnlyList<PublishedPackage>> RunAsync(CancellationToken cancel)
    {
        // What is wrong is found out before anything is compiled.
        options.Edge.Validate();
        // Both stand in scripts as they are.
        MustMatch("--package-bucket", options.PackageBucket, BucketName(), "a name of 3 to 63 lower-case letters, digits, dots and hyphens");
        MustMatch("--region", options.Edge.Region, RegionName(), "a region such as eu-central-1");
        var checkout = options.Checkout ?? FindCheckout();
        var build = new ProgramBuild(checkout, options.Edge.Architecture);
        build.MustBePossible();
        var output = Path.GetFullPath(options.Output);
        MustBeOurs(output);

        step("templates");
        using var folder = new TemporaryFolder();
        var templates = Synthesis.Edge(Schema(checkout), options.Edge, Path.Combine(folder.Path, "cdk.out"))
            .Select(stack => StackTemplate.Read(stack.Key, stack.Value)).ToList();
        _ = Parameters(templates, beacon: null, worker: null, imageTag: ""); // complains of a parameter before minutes have gone by

        step("the beacon, compiled natively, which takes minutes");
        var beaconFiles = await build.BeaconAsync(cancel);
        step("the worker");
        var workerFiles = await build.WorkerAsync(cancel);

        step("packages");
        Clear(output);
        CopyTemplates(Path.Combine(folder.Path, "cdk.out"), Path.Combine(output, "cdk.out"));
        var imageTag = options.Edge.Way is ReceivingWay.Fargate ? PackageZip.VersionOf(beaconFiles) : null;
        PublishedPackage? beacon = null;
        if (imageTag is null)
        {
            beacon = Package(output, Beacon, beaconFiles);
        }
        else
        {
            ContainerImage.Write(Path.Combine(output, "image"), beaconFiles);
        }

        var worker = Package(output, Worker, workerFiles);
        IReadOnlyList<PublishedPackage> packages = beacon is null ? [worker] : [beacon, worker];
        var stacks = Parameters(templates, beacon, worker, imageTag);
        Directory.CreateDirectory(Path.Combine(output, "parameters"));
        foreach (var stack in stacks)
        {
            stack.Write(Path.Combine(output, "parameters", $"{stack.Template.Stack}.json"));
        }

        new DeploymentFiles(options, stacks, packages, imageTag).Write(output);
        return packages;
    }

    private IReadOnlyList<StackParameterFile> Parameters(IReadOnlyList<StackTemplate> templates, PublishedPackage? beacon, PublishedPackage? worker, string? imageTag) =>
        StackParameterFile.Of(
            templates,
            new Dictionary<string, string>
            {
                ["PackageBucket"] = StackParameterFile.PackageBucket,
                [$"{PixelEdgeStack.DefaultName}.PackageKey"] = beacon is null ? "" : DeploymentFiles.KeyOf(beacon),
                [$"{Infrastructure.Worker.PixelWorkerStack.DefaultName}.PackageKey"] = worker is null ? "" : DeploymentFiles.KeyOf(worker),
                ["ImageRepository"] = DeploymentFiles.ImageRepository,
                ["ImageTag"] = imageTag ?? "",
            },
            options.Parameters);

    private PublishedPackage Package(string output, string program, IReadOnlyList<PackageFile> files)
    {
        var name = $"{program}-{options.Edge.Architecture.InLambda()}-{PackageZip.VersionOf(files)}.zip";
        var zip = Path.Combine(Directory.CreateDirectory(Path.Combine(output, "packages")).FullName, name);
        PackageZip.Write(zip, files);
        var package = new PublishedPackage(program, zip, new FileInfo(zip).Length, files.Sum(file => new FileInfo(file.Path).Length));
        return package.SizeOfFiles <= PublishedPackage.MostUnpacked
            ? package
            : throw new PublishException($"The {program}'s package unpacks to {package.SizeOfFiles >> 20} MB, more than Lambda takes ({PublishedPackage.MostUnpacked >> 20} MB).");
    }

    private static EventSchema Schema(string checkout)
    {
        try
        {
            return EventSchema.Load(Path.Combine(checkout, FieldFile.DefaultName));
        }
        catch (FieldFileException error)
        {
            throw new PublishException(error.Message, error);
        }
    }

    private static string FindCheckout()
    {
        try
        {
            return new FileInfo(LakeTemplate.CommittedPath()).Directory!.Parent!.Parent!.FullName;
        }
        catch (FileNotFoundException error)
        {
            throw new PublishException("Publishing compiles the programs: run it in a checkout.", error);
        }
    }

    private static void MustMatch(string option, string? given, Regex pattern, string wanted)
    {
        if (given is not null && !pattern.IsMatch(given))
        {
            throw new PublishException($"{option} takes {wanted}, not {given}.");
        }
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z")]
    private static partial Regex BucketName();

    [GeneratedRegex(@"^[a-z]{2}(-[a-z]+)+-[0-9]\z")]
    private static partial Regex RegionName();

    private static void MustBeOurs(string output)
    {
        if (File.Exists(output))
        {
            throw new PublishException($"{output} is a file: --output takes a folder.");
        }

        if (Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any() && !File.Exists(Path.Combine(output, DeploymentFiles.SettingsFile)))
        {
            throw new PublishException($"{output} is not empty and was not written by publish: choose another folder.");
        }
    }

    /// <summary>Removes what an earlier publication wrote, and leaves what others put beside it.</summary>
    private static void Clear(string output)
    {
        foreach (var folder in new[] { "cdk.out", "packages", "parameters", "image" }.Select(name => Path.Combine(output, name)).Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A temporary folder may be on another disk, where nothing can be moved to.
    private static void CopyTemplates(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
