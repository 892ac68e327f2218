using Beacon.Api;
using Beacon.Api.Journal;
using ServiceDefaults;

if (JournalCommand.TryRun(args, Console.Out, Console.Error) is { } exitCode)
{
    return exitCode;
}

return await ServiceHost.RunAsync(args, arguments =>
    BeaconHost.CreateBuilder(arguments).AddBeacon().Build().MapBeacon());
