using System.Net.Sockets;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ServiceDefaults;

namespace Standalone.Hosting;

/// <summary>
/// One of the services as a host of its own inside this process: its own name, settings folder, port and
/// configuration, so that it is the same service as when it runs alone.
/// </summary>
internal sealed class EmbeddedHost : IAsyncDisposable
{
    // What the framework says of a start that failed, stack trace and all; StartGuard says it in a sentence.
    private static readonly string[] StartLogs =
    [
        "Microsoft.Extensions.Hosting.Internal.Host",
        "Microsoft.AspNetCore.Hosting.Diagnostics",
        "Microsoft.AspNetCore.Server.Kestrel",
    ];

    private readonly WebApplication _app;

    private EmbeddedHost(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Cancelled when the host begins to stop, on request or because one of its own services gave up.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    /// <summary>The host's assembly, as in its logs and its settings folder.</summary>
    public string Name => _app.Environment.ApplicationName;

    /// <summary>Builds the service and starts it.</summary>
    /// <param name="name">Its assembly's name.</param>
    /// <param name="port">Its port on loopback, 0 for any.</param>
    /// <param name="portOption">The option that sets the port, for the sentence about a busy one.</param>
    /// <param name="given">Settings that come before everything else, the environment included.</param>
    /// <param name="add">The service's own <c>AddX</c>.</param>
    /// <param name="map">The service's own <c>MapX</c>.</param>
    /// <param name="cancel">Gives up starting.</param>
    public static async Task<EmbeddedHost> StartAsync(
        string name, int port, string portOption, IReadOnlyDictionary<string, string?> given,
        Func<WebApplicationBuilder, WebApplicationBuilder> add, Func<WebApplication, WebApplication> map, CancellationToken cancel)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = name,
            ContentRootPath = Path.Combine(AppContext.BaseDirectory, "settings", name),
            EnvironmentName = "Embedded", // settings/<name>/appsettings.Embedded.json says what is different here
        });
        builder.Configuration.AddInMemoryCollection(given);
        builder.WebHost.UseUrls($"http://{IPAddress.Loopback}:{port}");
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true);
        // Standard output is for the banner; what the services have to say goes beside it.
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

        var started = false;
        foreach (var category in StartLogs)
        {
            builder.Logging.AddFilter(category, level => level >= LogLevel.Warning && Volatile.Read(ref started));
        }

        var app = map(Build(add(builder)));
        try
        {
            await app.StartAsync(cancel);
            Volatile.Write(ref started, true);
        }
        catch (Exception error)
        {
            await app.DisposeAsync();
            switch (SocketErrorOf(error))
            {
                case SocketError.AddressAlreadyInUse:
                    throw new StartupException($"Port {port} is in use: choose another with {portOption}.", error);
                case SocketError.AccessDenied:
                    throw new StartupException($"This user may not listen on port {port}: choose another with {portOption}.", error);
                default:
                    throw;
            }
        }

        return new EmbeddedHost(app, AddressOf(app));
    }

    /// <summary>Lets it finish what it has begun; the host's own time-out bounds it.</summary>
    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, SilentLifetime>());
        return builder.Build();
    }

    private static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());

    private static SocketError? SocketErrorOf(Exception? error) =>
        error is null ? null : (error as SocketException)?.SocketErrorCode ?? SocketErrorOf(error.InnerException);
}
