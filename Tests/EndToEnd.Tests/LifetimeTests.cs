using System.Net;
using System.Net.Sockets;
using Cli.Bench.Processes;

namespace EndToEnd.Tests;

/// <summary>How the system starts, refuses to start, and ends with whoever started it.</summary>
public class LifetimeTests
{
    [Fact]
    public async Task It_ends_cleanly_when_the_pipe_to_its_launcher_does()
    {
        using var folder = new TemporaryFolder();
        await using var system = await RunningSystem.StartAsync(folder.Path);

        system.Process.EndInput();

        Assert.Equal(0, await system.Process.ExitAsync());
    }

    [Fact]
    public async Task After_kill_9_of_the_launcher_up_works_again_on_the_same_ports_and_data()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "kill -9 is not a thing on Windows");
        using var folder = new TemporaryFolder();
        var ports = FreePorts(3);
        string[] up = [Path.Combine(Built.Checkout, "pixel.cs"), "up", "--data", folder.Path, "--port", ports[0], "--cloud-port", ports[1], "--worker-port", ports[2]];
        await using var first = RunningProcess.Start("dotnet", up, folder: Built.Checkout);
        await RunningSystem.OfAsync(first);

        await first.KillAsync();

        await using var second = RunningProcess.Start("dotnet", up, folder: Built.Checkout);
        await RunningSystem.OfAsync(second);
        second.Terminate();
        Assert.Equal(0, await second.ExitAsync());
    }

    [Fact]
    public async Task A_busy_port_is_one_sentence_that_names_the_option()
    {
        using var folder = new TemporaryFolder();
        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        var port = ((IPEndPoint)busy.LocalEndpoint).Port;

        var (exitCode, printed) = await StandaloneAsync("--data", folder.Path, "--port", $"{port}", "--cloud-port", "0", "--worker-port", "0");

        Assert.Equal((1, $"Port {port} is in use: choose another with --port.\n"), (exitCode, printed));
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_one_is_one_sentence_that_names_the_option()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "a-file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        var (exitCode, printed) = await StandaloneAsync("--data", Path.Combine(file, "data"));

        Assert.Equal(1, exitCode);
        Assert.Matches($@"^The data folder {file}/data cannot be written: .+\. Name another with --data\.\n$", printed.Replace('\\', '/'));
    }

    [Fact]
    public async Task A_data_folder_in_use_is_one_sentence_that_names_the_process()
    {
        using var folder = new TemporaryFolder();
        await using var system = await RunningSystem.StartAsync(folder.Path);

        var (exitCode, printed) = await StandaloneAsync("--data", folder.Path, "--port", "0", "--cloud-port", "0", "--worker-port", "0");

        Assert.Equal((1, $"The data folder {folder.Path} is in use by process {system.Process.Id}: stop that one, or name another folder with --data.\n"), (exitCode, printed));
    }

    [Fact]
    public async Task A_field_file_with_problems_is_one_sentence_that_names_the_fields()
    {
        using var folder = new TemporaryFolder();
        var fields = Path.Combine(folder.Path, "fields.json");
        await File.WriteAllTextAsync(fields, """{ "fields": [ { "name": "Bad Name", "from": ["query:a"] }, { "name": "price", "type": "money", "from": ["query:p"] } ] }""", TestContext.Current.CancellationToken);

        var (exitCode, printed) = await StandaloneAsync(new Dictionary<string, string> { ["Fields__File"] = fields }, "--data", folder.Path, "--port", "0", "--cloud-port", "0", "--worker-port", "0");

        Assert.Equal(1, exitCode);
        Assert.Single(printed.TrimEnd('\n').Split('\n'));
        Assert.Contains("Bad Name", printed);
        Assert.Contains("price", printed);
    }

    [Theory]
    [InlineData("There is no option --speed; there are --data, --port, --cloud-port and --worker-port.", "--speed", "1")]
    [InlineData("--port must be a port number from 0 to 65535, not eighty.", "--port", "eighty")]
    [InlineData("--port needs a value.", "--port")]
    [InlineData("--port, --cloud-port and --worker-port must differ from each other.", "--port", "4566")]
    public async Task An_option_that_makes_no_sense_is_one_sentence(string sentence, params string[] args)
    {
        Assert.Equal((1, sentence + "\n"), await StandaloneAsync(args));
    }

    [Fact]
    public async Task The_aws_settings_of_the_user_are_never_used()
    {
        using var folder = new TemporaryFolder();
        await using var system = await RunningSystem.StartAsync(folder.Path, new Dictionary<string, string>
        {
            ["AWS_PROFILE"] = "production",
            ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9",
            ["AWS_ENDPOINT_URL_FIREHOSE"] = "http://127.0.0.1:9",
            ["AWS_REGION"] = "eu-north-1",
            ["AWS_ACCESS_KEY_ID"] = "AKIAREALLYREAL",
            ["AWS_SECRET_ACCESS_KEY"] = "real",
            ["AWS_CONFIG_FILE"] = Path.Combine(folder.Path, "absent"),
            ["AWS__ServiceURL"] = "http://127.0.0.1:9",
            ["AWS__Resources__EventStreamName"] = "production-events",
        });
        using var http = new HttpClient();

        (await http.GetAsync(new Uri(system.Pixel, "?userid=me"), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        var rows = await system.UntilAsync("SELECT user_id FROM tp_events WHERE event_name <> 'ledger'", rows => rows.Count > 0);
        Assert.Equal("me", Assert.Single(rows)[0]);
    }

    private static Task<(int ExitCode, string Printed)> StandaloneAsync(params string[] args) => StandaloneAsync(new Dictionary<string, string>(), args);

    private static Task<(int ExitCode, string Printed)> StandaloneAsync(Dictionary<string, string> environment, params string[] args) =>
        RunningProcess.RunAsync(Built.Standalone, args, environment);

    private static string[] FreePorts(int count)
    {
        var ports = new HashSet<int>();
        while (ports.Count < count)
        {
            ports.Add(FreePort.Choose());
        }

        return [.. ports.Select(port => $"{port}")];
    }
}
