using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Beacon.Api.Endpoints;

/// <summary>
/// The web server with a short way for the pixel: a GET or HEAD for it is answered straight from the server's request,
/// and everything else goes to the application as ever.
/// </summary>
/// <remarks>
/// What lies between the two (an HttpContext, an Activity and the request metrics of the framework, the middleware, the
/// routing) costs more than making and keeping the event. So none of it sees these requests: no middleware, no
/// <c>http.server.*</c> metrics; <see cref="BeaconMetrics"/> and <see cref="BeaconTracing"/> stand in for those. A
/// terminal middleware placed first would save the routing only.
/// </remarks>
/// <param name="server">The server.</param>
/// <param name="pixel">Asked at the start, after the settings were checked.</param>
internal sealed class PixelServer(IServer server, Func<PixelEndpoint> pixel) : IServer
{
    public IFeatureCollection Features => server.Features;

    /// <summary>
    /// Puts itself before the server that is registered. One that is put in its place later, or that is no plain type,
    /// stays as it is: there the pixel goes the long way, through its route.
    /// </summary>
    public static void PutFirst(IServiceCollection services)
    {
        if (services.LastOrDefault(service => service.ServiceType == typeof(IServer) && !service.IsKeyedService) is not { ImplementationType: { } inner })
        {
            return;
        }

        services.Add(new ServiceDescriptor(typeof(IServer), typeof(PixelServer), inner, ServiceLifetime.Singleton));
        services.AddSingleton<IServer>(provider => new PixelServer(
            provider.GetRequiredKeyedService<IServer>(typeof(PixelServer)), provider.GetRequiredService<PixelEndpoint>));
    }

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull => server.StartAsync(new Fork<TContext>(pixel(), application), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    /// <summary>The server itself is the container's to dispose of.</summary>
    public void Dispose()
    {
    }

    /// <summary>Decides once for each request, when the server has read its headers.</summary>
    private sealed class Fork<TContext>(PixelEndpoint pixel, IHttpApplication<TContext> application) : IHttpApplication<Way<TContext>>
        where TContext : notnull
    {
        public Way<TContext> CreateContext(IFeatureCollection features) =>
            PixelEndpoint.IsFor(features) ? new Way<TContext>(features, default) : new Way<TContext>(null, application.CreateContext(features));

        public Task ProcessRequestAsync(Way<TContext> way) =>
            way.Pixel is { } features ? pixel.AnswerAsync(features) : application.ProcessRequestAsync(way.Context!);

        public void DisposeContext(Way<TContext> way, Exception? exception)
        {
            if (way.Pixel is null)
            {
                application.DisposeContext(way.Context!, exception);
            }
        }
    }

    /// <summary>A value, so that the short way allocates nothing.</summary>
    /// <param name="Pixel">The request when it is for the pixel, else null.</param>
    /// <param name="Context">The application's context when it is not.</param>
    private readonly record struct Way<TContext>(IFeatureCollection? Pixel, TContext? Context);
}
