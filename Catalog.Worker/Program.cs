using Catalog.Worker;
using Catalog.Worker.Jobs;
using ServiceDefaults;

return JobCommand.Is(args)
    ? await JobCommand.RunAsync(args, Build)
    : await ServiceHost.RunAsync(args, Build);

static WebApplication Build(string[] args)
    => WebApplication.CreateBuilder(args).AddCatalogWorker().Build().MapCatalogWorker();
