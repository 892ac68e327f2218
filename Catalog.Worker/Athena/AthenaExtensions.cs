namespace Catalog.Worker.Athena;

/// <summary>Puts the running of statements into a host.</summary>
internal static class AthenaExtensions
{
    public static IServiceCollection AddAthena(this IServiceCollection services) => services.AddSingleton<AthenaStatements>();
}
