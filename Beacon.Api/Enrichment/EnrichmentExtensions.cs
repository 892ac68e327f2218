using System.Diagnostics.CodeAnalysis;

namespace Beacon.Api.Enrichment;

/// <summary>Registers enrichers.</summary>
public static class EnrichmentExtensions
{
    /// <summary>Adds an enricher behind those that are there.</summary>
    public static IServiceCollection AddEnricher<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IServiceCollection services)
        where T : class, IEventEnricher => services.AddSingleton<IEventEnricher, T>();
}
