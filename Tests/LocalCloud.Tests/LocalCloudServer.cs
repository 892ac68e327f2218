using Amazon.Runtime;
using Amazon.S3;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LocalCloud.Tests;

/// <summary>
/// A real LocalCloud: Kestrel on a free loopback port, data in a folder of its own, gone when disposed. It can be
/// stopped and started again on the same folder (at another port).
/// </summary>
public sealed class LocalCloudServer : IAsyncDisposable
{
    /// <summary>The keys that clients made here sign with, and that <c>LocalCloud:Verify</c> is given.</summary>
    public const string AccessKey = "AKIATESTTESTTESTTEST";

    /// <summary>The secret of <see cref="AccessKey"/>.</summary>
    public const string SecretKey = "test-secret";

    private readonly Dictionary<string, string?> _settings;
    private readonly TimeProvider? _time;
    private readonly Action<IServiceCollection>? _services;
    private readonly List<IDisposable> _clients = [];
    private WebApplication? _app;

    private LocalCloudServer(Dictionary<string, string?> settings, TimeProvider? time, Action<IServiceCollection>? services, string? folder)
    {
        _settings = settings;
        _time = time;
        _services = services;
        Folder = folder ?? Directory.CreateTempSubdirectory("localcloud-").FullName;
    }

    /// <summary>The data folder.</summary>
    public string Folder { get; }

    /// <summary>The running server's services, for the in-process APIs (<c>ObjectStore</c>, …).</summary>
    public IServiceProvider Services => App.Services;

    /// <summary>Where it listens, e.g. <c>http://127.0.0.1:41234</c>.</summary>
    public string Url => App.Urls.Single();

    private WebApplication App => _app ?? throw new InvalidOperationException("The server is stopped.");

    /// <summary>Starts a server.</summary>
    /// <param name="time">The clock it lives by; the machine's when null.</param>
    /// <param name="settings">Settings by full name, e.g. <c>LocalCloud:Verify</c>.</param>
    /// <param name="services">What to add or replace.</param>
    /// <param name="folder">A data folder that is there already; a new one when null. It is deleted in the end either way.</param>
    public static async Task<LocalCloudServer> StartAsync(
        TimeProvider? time = null, Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null, string? folder = null)
    {
        var server = new LocalCloudServer(settings ?? [], time, services, folder);
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the server gracefully and starts it on the same folder.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    /// <summary>Stops the server; the folder stays.</summary>
    public async Task StopAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        _clients.Clear();
        if (Interlocked.Exchange(ref _app, null) is { } app)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    /// <summary>Starts a stopped server.</summary>
    public async Task StartAgainAsync()
    {
        // No arguments and no settings of the machine the tests run on, except what is given here.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing", ApplicationName = "LocalCloud" });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["LocalCloud:DataFolder"] = Folder,
            ["LocalCloud:AccessKey"] = AccessKey,
            ["LocalCloud:SecretKey"] = SecretKey,
        });
        builder.Configuration.AddInMemoryCollection(_settings);
        builder.Logging.ClearProviders();
        if (_time is not null)
        {
            builder.Services.AddSingleton(_time);
        }

        builder.AddLocalCloud();
        _services?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapLocalCloud();
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        _app = app;
    }

    /// <summary>The official S3 client; the server disposes it.</summary>
    public AmazonS3Client S3(Action<AmazonS3Config>? configure = null, AWSCredentials? credentials = null) =>
        Client<AmazonS3Client, AmazonS3Config>(
            (keys, config) => new AmazonS3Client(keys, config),
            config =>
            {
                config.ForcePathStyle = true;
                configure?.Invoke(config);
            },
            credentials);

    /// <summary>Any AWS client, aimed at this server; the server disposes it.</summary>
    public TClient Client<TClient, TConfig>(
        Func<AWSCredentials, TConfig, TClient> create, Action<TConfig>? configure = null, AWSCredentials? credentials = null)
        where TClient : IDisposable
        where TConfig : ClientConfig, new()
    {
        var config = new TConfig { ServiceURL = Url, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 };
        configure?.Invoke(config);
        var client = create(credentials ?? new BasicAWSCredentials(AccessKey, SecretKey), config);
        _clients.Add(client);
        return client;
    }

    /// <summary>A client for raw HTTP; the server disposes it.</summary>
    public HttpClient Http()
    {
        var client = new HttpClient { BaseAddress = new Uri(Url) };
        _clients.Add(client);
        return client;
    }

    /// <summary>Stops the server and deletes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
