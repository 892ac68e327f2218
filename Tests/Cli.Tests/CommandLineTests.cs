using System.Net;
using System.Net.Sockets;

namespace Cli.Tests;

public class CommandLineTests
{
    [Fact]
    public async Task An_unknown_command_is_one_sentence_and_a_failure()
    {
        var run = await CommandRun.OfAsync("quary", "SELECT 1");

        Assert.Equal(new CommandRun(1, "", "There is no command \"quary\": `dotnet pixel.cs help` lists them.\n"), run);
    }

    [Theory]
    [InlineData("query")]
    [InlineData("query", "SELECT 1", "--json", "--csv")]
    [InlineData("query", "SELECT 1", "--cloud-port", "often")]
    [InlineData("erase")]
    [InlineData("erase", "--user-id", "a", "--visitor-id", "b")]
    [InlineData("erase", "--user-id", "a", "--receipt", "b")]
    [InlineData("export")]
    [InlineData("publish")]
    [InlineData("publish", "--output", "out", "--way", "pigeon")]
    [InlineData("destroy")]
    [InlineData("demo", "--events", "0")]
    [InlineData("demo", "--events", "many")]
    [InlineData("demo", "--rate", "-1")]
    [InlineData("demo", "--url", "ftp://pixel.example/trackingpixel")]
    [InlineData("demo", "--url", "pixel")]
    public async Task Arguments_that_make_no_sense_are_one_line_that_says_where_help_is(params string[] args)
    {
        var run = await CommandRun.OfAsync(args);

        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.EndsWith($"`dotnet pixel.cs help {args[0]}` says what it takes.\n", run.Error);
    }

    [Theory]
    [InlineData("bench beacon", "--rounds", "0")]
    [InlineData("bench beacon", "--sync", "often")]
    [InlineData("bench beacon", "--native", "--beacon", "other")]
    [InlineData("bench delivery", "--events", "-1")]
    [InlineData("bench packing", "--seconds", "long")]
    [InlineData("bench start", "--rounds", "0")]
    public async Task A_benchmark_that_makes_no_sense_is_one_line_that_says_where_its_own_help_is(string command, params string[] options)
    {
        var run = await CommandRun.OfAsync([.. command.Split(' '), .. options]);

        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.EndsWith($"`dotnet pixel.cs help {command}` says what it takes.\n", run.Error);
    }

    [Theory]
    [InlineData("query", "SELECT 1", "--cloud-port")]
    [InlineData("flush", "--cloud-port")]
    [InlineData("export", "--user-id", "a", "--cloud-port")]
    [InlineData("erase", "--user-id", "a", "--worker-port")]
    [InlineData("demo", "--port")]
    public async Task A_system_that_is_not_running_is_one_sentence_with_the_way_out(params string[] args)
    {
        // Held, so that nobody else takes it, and not listened at.
        using var held = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        held.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)held.LocalEndPoint!).Port;

        var run = await CommandRun.OfAsync([.. args, $"{port}"]);

        Assert.Equal(new CommandRun(1, "", $"Nothing answers at http://127.0.0.1:{port}; start it with `dotnet pixel.cs up`.\n"), run);
    }

    [Theory]
    [InlineData("query")]
    [InlineData("demo")]
    [InlineData("flush")]
    [InlineData("erase")]
    [InlineData("export")]
    [InlineData("bench")]
    [InlineData("publish")]
    [InlineData("destroy")]
    public async Task Help_shows_the_command_as_it_is_typed(string command)
    {
        var run = await CommandRun.OfAsync(command, "--help");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"dotnet pixel.cs {command}", run.Out);
    }
}
