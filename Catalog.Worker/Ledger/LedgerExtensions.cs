using Catalog.Worker.Jobs;

namespace Catalog.Worker.Ledger;

/// <summary>Puts the job <c>ledger</c> into a host.</summary>
internal static class LedgerExtensions
{
    public static IServiceCollection AddLedger(this IServiceCollection services)
    {
        services.AddSingleton<LedgerAccounts>();
        services.AddSingleton<LedgerPages>();
        services.AddSingleton<LedgerHoursTable>();
        services.AddSingleton<LedgerMetrics>();
        return services.AddJob<LedgerJob>(LedgerJob.JobName, "55 * * * *");
    }
}
