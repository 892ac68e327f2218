using AppHost;
using AppHost.Clouds;
using AppHost.Commands;
using AppHost.Publishing;

return StartGuard.Run(() =>
{
    var builder = DistributedApplication.CreateBuilder(args);

    // Where S3, Firehose, Glue and Athena are: embedded, in LocalStack, or on AWS.
    var cloud = builder.AddCloud();

    // Receives the pixel's requests and delivers their events to Firehose.
    var beacon = builder.AddProject<Projects.Beacon_Api>("beacon", launchProfileName: null)
        .WithHttpEndpoint(port: 8080, name: "http")
        .WithExternalHttpEndpoints()
        .WithHttpHealthCheck("/ready")
        .WithCloud(cloud)
        .WithRunSetting("Fields__File", cloud.Resource.FieldFile)
        .WithRunSetting("Journal__Folder", builder.DataFolder("journal"))
        // Whoever sends one pixel here looks for its trace.
        .WithRunSetting("Beacon__TraceOneIn", "1")
        .WithKillCommand()
        .WithLink("/trackingpixel?userid=aws_user&thirdpartyname=example.hightrafficwebsite.com", "A pixel")
        .WithLink("/ready", "Ready");

    // Keeps the Glue catalog and the Athena views right, on a schedule.
    var catalog = builder.AddProject<Projects.Catalog_Worker>("catalog", launchProfileName: null)
        .WithHttpEndpoint(port: 8082, name: "http")
        .WithHttpHealthCheck("/health")
        .WithCloud(cloud)
        .WithSoleWorker(cloud)
        .WithRunSetting("Jobs__schema__FieldFile", cloud.Resource.FieldFile)
        .WithRunSetting("Jobs__redrive__DeadLetterFolder", Path.Combine(builder.DataFolder("journal"), "dead-letter"))
        .WithJobCommand("load-partitions", "Load partitions now")
        .WithJobCommand("views", "Create the views now")
        .WithJobCommand("compaction", "Compact now")
        .WithLink("/jobs", "Jobs");

    // What a person does with a running system, from the dashboard.
    builder.AddDemo(beacon);
    builder.AddFlush(cloud, beacon, catalog);
    cloud.WithEmptyLakeCommand(catalog);

    // `aspire publish`, `deploy` and `destroy`: the repository's own commands.
    builder.AddPublishing(beacon, catalog);

    return builder.Build();
});
