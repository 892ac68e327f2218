namespace Catalog.Worker.State;

/// <summary>Puts what workers remember together into a host.</summary>
internal static class StateExtensions
{
    public static IServiceCollection AddState(this IServiceCollection services) => services.AddSingleton<StateStore>().AddSingleton<LakeObjects>();
}
