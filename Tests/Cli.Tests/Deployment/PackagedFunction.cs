using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Cli.Bench.Processes;
using Pixel.Events.Lake;

namespace Cli.Tests.Deployment;

/// <summary>
/// A package run as Lambda runs it: unpacked into an empty folder, its <c>bootstrap</c> started there with nothing in its
/// environment but what Lambda puts there and what the template says. Only where AWS is, and the port, is this machine's.
/// </summary>
internal sealed class PackagedFunction : IAsyncDisposable
{
    public const string Secret = "test-secret-of-43-characters-and-not-one-less";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pixel-function-");
    private readonly StringBuilder _printed = new();
    private Process _process = null!;

    private PackagedFunction(Uri url) => Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url };

    public HttpClient Http { get; }

    public string Printed
    {
        get
        {
            lock (_printed)
            {
                return _printed.ToString();
            }
        }
    }

    /// <summary>Files that are not in the package: Lambda's folder cannot be written to.</summary>
    public IEnumerable<string> Written(string zip)
    {
        using var package = ZipFile.OpenRead(zip);
        return Directory.GetFiles(_folder.FullName, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder.FullName, file))
            .Except(package.Entries.Select(entry => entry.FullName)).ToList();
    }

    /// <param name="publication">What was published.</param>
    /// <param name="stack">The template that the function is in.</param>
    /// <param name="function">Its logical id.</param>
    /// <param name="zip">Its package.</param>
    /// <param name="cloud">What stands for AWS.</param>
    public static async Task<PackagedFunction> StartAsync(Publication publication, string stack, string function, string zip, string cloud)
    {
        var port = FreePort.Choose();
        var started = new PackagedFunction(new Uri($"http://127.0.0.1:{port}"));
        ZipFile.ExtractToDirectory(zip, started._folder.FullName);
        var start = new ProcessStartInfo(Path.Combine(started._folder.FullName, "bootstrap"))
        {
            WorkingDirectory = started._folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in OfLambda(started._folder.FullName))
        {
            start.Environment[name] = value;
        }

        var settings = publication.Template(stack)["Resources"]![function]!["Properties"]!["Environment"]!["Variables"]!.AsObject();
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = Resolve(publication, stack, value!);
        }

        start.Environment["ASPNETCORE_URLS"] = started.Http.BaseAddress!.ToString();
        start.Environment["AWS_LWA_PORT"] = $"{port}";
        start.Environment["AWS_ENDPOINT_URL"] = cloud;

        started._process = Process.Start(start)!;
        started._process.OutputDataReceived += started.Print;
        started._process.ErrorDataReceived += started.Print;
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        await started.UntilReadyAsync((string)settings["AWS_LWA_READINESS_CHECK_PATH"]!);
        return started;
    }

    /// <summary>Ends it as Lambda may at any time: without a word.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await KillAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>AWS Lambda Developer Guide, "Defined runtime environment variables".</summary>
    private static Dictionary<string, string> OfLambda(string folder) => new()
    {
        ["_HANDLER"] = "bootstrap",
        ["AWS_REGION"] = "us-east-1",
        ["AWS_DEFAULT_REGION"] = "us-east-1",
        ["AWS_LAMBDA_FUNCTION_NAME"] = "Pixel-Function-1A2B3C",
        ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = "256",
        ["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST",
        ["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand",
        ["AWS_LAMBDA_RUNTIME_API"] = "127.0.0.1:9001",
        ["AWS_ACCESS_KEY_ID"] = "ASIATESTTESTTESTTEST",
        ["AWS_SECRET_ACCESS_KEY"] = "test-secret",
        ["AWS_SESSION_TOKEN"] = "test-token",
        ["LAMBDA_TASK_ROOT"] = folder,
        ["LAMBDA_RUNTIME_DIR"] = "/var/runtime",
        ["LANG"] = "en_US.UTF-8",
        ["LD_LIBRARY_PATH"] = $"/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:{folder}:{folder}/lib:/opt/lib",
        ["PATH"] = "/usr/local/bin:/usr/bin/:/bin:/opt/bin",
        ["TZ"] = ":UTC",
    };

    /// <summary>What CloudFormation would put in the place of a value.</summary>
    private static string Resolve(Publication publication, string stack, JsonNode value) => value switch
    {
        JsonValue text => text.ToString(),
        JsonObject reference when (string?)reference["Ref"] is { } name => publication.Parameters(stack).TryGetValue(name, out var given)
            ? given.StartsWith("${PixelLake.", StringComparison.Ordinal) ? OfLake(publication, name) : given
            : $"https://sqs.us-east-1.amazonaws.com/123456789012/{name}",
        // The only texts that are made of others hold a secret.
        _ => Secret,
    };

    private static string OfLake(Publication publication, string output) =>
        publication.Template("PixelLake")["Outputs"]![output]!["Value"] is JsonValue text
            ? (string)text!
            : (string)typeof(LakeOptions).GetProperty(output)!.GetValue(new LakeOptions())!;

    private async Task UntilReadyAsync(string path)
    {
        while (true)
        {
            try
            {
                using var answer = await Http.GetAsync(path);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Nothing listens yet.
            }

            Assert.False(_process.HasExited, Printed);
            await Task.Delay(20);
        }
    }

    private void Print(object sender, DataReceivedEventArgs line)
    {
        lock (_printed)
        {
            _printed.AppendLine(line.Data);
        }
    }
}
