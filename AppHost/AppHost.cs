using AppHost.Clouds;

var builder = DistributedApplication.CreateBuilder(args);

// Where S3, Firehose, Glue and Athena are: embedded, in LocalStack, or on AWS.
var cloud = builder.AddCloud();

// Receives the pixel's requests and delivers their events to Firehose.
builder.AddProject<Projects.Beacon_Api>("beacon")
    .WithHttpEndpoint(port: 8080, name: "http")
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/ready")
    .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
    .WithEnvironment("Journal__Folder", builder.DataFolder("journal"))
    .WithCloud(cloud)
    .WithUrlForEndpoint("http", url =>
    {
        url.DisplayText = "A pixel";
        url.Url = "/trackingpixel?userid=aws_user&thirdpartyname=example.hightrafficwebsite.com";
    });

// Keeps the Glue catalog and the Athena views right, on a schedule.
builder.AddProject<Projects.Catalog_Worker>("catalog")
    .WithHttpEndpoint(port: 8082, name: "http")
    .WithHttpHealthCheck("/health")
    .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
    .WithCloud(cloud)
    .WithHttpCommand("/jobs/load-partitions", "Load partitions now")
    .WithHttpCommand("/jobs/views", "Create the views now")
    .WithUrlForEndpoint("http", url =>
    {
        url.DisplayText = "Jobs";
        url.Url = "/jobs";
    });

builder.Build().Run();
