namespace Catalog.Worker.Tracing;

/// <summary>Lets the traces of events end where the events do.</summary>
internal static class TracingExtensions
{
    public static IServiceCollection AddLandedTraces(this IServiceCollection services) =>
        services.AddSingleton<TracedEvents>().AddSingleton<LandedTraces>();
}
