using System.CommandLine;
using System.Net.Sockets;
using Amazon.Athena;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Cli;

/// <summary>The system that <c>dotnet pixel.cs up</c> runs on this machine, as the commands reach it.</summary>
public static class RunningSystem
{
    /// <summary>The option that says where its AWS services are.</summary>
    public static Option<int> CloudPort() => new("--cloud-port")
    {
        Description = "The port of S3, Firehose, Glue and Athena on this machine",
        DefaultValueFactory = _ => 4566,
    };

    /// <summary>The address of its AWS services.</summary>
    public static Uri Cloud(int port) => new($"http://127.0.0.1:{port}");

    /// <summary>Clients of its AWS services.</summary>
    public static ServiceProvider Clients(int cloudPort) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AWS:ServiceURL"] = Cloud(cloudPort).ToString(),
            ["AWS:Region"] = "us-east-1",
            // LocalCloud takes any pair of keys; given here, so that the user's own are never looked up or sent.
            ["AWS:AccessKey"] = "test",
            ["AWS:SecretKey"] = "test",
        }).Build())
        .AddAwsClient<IAmazonAthena>()
        .BuildServiceProvider();

    /// <exception cref="CommandFailure">Nothing listens there.</exception>
    public static async Task MustAnswerAsync(Uri address, CancellationToken cancel)
    {
        // Asked before the SDK or a sender does, whose retries would make the user wait for the same news.
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancel);
        }
        catch (SocketException nobody)
        {
            var where = address.GetLeftPart(UriPartial.Authority);
            throw new CommandFailure(address.IsLoopback
                ? $"Nothing answers at {where}; start it with `dotnet pixel.cs up`."
                : $"Nothing answers at {where}.", nobody);
        }
    }
}
