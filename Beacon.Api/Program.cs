using Beacon.Api;
using Beacon.Api.Journal;
using ServiceDefaults;

if (JournalCommand.TryRun(args, Console.Out, Console.Error) is { } exitCode)
{
    return exitCode;
}

return await ServiceHost.RunAsync(args, arguments =>
{
    WebApplicationBuilder builder = WebApplication.CreateBuilder(arguments);
    builder.AddBeacon();

    // Logic of your own beyond the field file: implement Enrichment/IEventEnricher and add it here.
    // builder.Services.AddEnricher<YourEnricher>();

    return builder.Build().MapBeacon();
});
