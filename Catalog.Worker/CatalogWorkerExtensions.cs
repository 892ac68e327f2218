using Amazon.Athena;
using Amazon.Glue;
using Amazon.KinesisFirehose;
using Amazon.S3;
using Amazon.SQS;
using Catalog.Worker.Alerts;
using Catalog.Worker.Athena;
using Catalog.Worker.Compaction;
using Catalog.Worker.Erasure;
using Catalog.Worker.Export;
using Catalog.Worker.Jobs;
using Catalog.Worker.LateWindow;
using Catalog.Worker.Ledger;
using Catalog.Worker.Partitions;
using Catalog.Worker.Redrive;
using Catalog.Worker.Retention;
using Catalog.Worker.Rollup;
using Catalog.Worker.Schema;
using Catalog.Worker.State;
using Catalog.Worker.Tracing;
using Catalog.Worker.Views;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;
using ServiceDefaults;

namespace Catalog.Worker;

/// <summary>Puts the catalog worker into a host.</summary>
public static class CatalogWorkerExtensions
{
    /// <summary>Where it listens when nobody says otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8082";

    /// <summary>Adds the worker: the defaults, AWS, and every job by its folder's own <c>AddX</c>.</summary>
    public static WebApplicationBuilder AddCatalogWorker(this WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults();
        builder.ListenOnLoopbackUnlessTold(DefaultUrl);

        var services = builder.Services;
        services.AddOptions<LakeOptions>().BindConfiguration(LakeOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LakeOptions>, LakeOptionsValidator>();
        services.AddAwsClient<IAmazonS3>();
        services.AddAwsClient<IAmazonGlue>();
        services.AddAwsClient<IAmazonAthena>();
        services.AddAwsClient<IAmazonKinesisFirehose>();
        services.AddAwsClient<IAmazonSQS>();

        services.AddBadRequests();
        services.AddState();
        services.AddJobs();
        services.AddLateWindow();
        services.AddAthena();
        services.AddLandedTraces();
        services.AddPartitions(builder.Environment);
        services.AddSchema();
        services.AddViews(builder.Environment);
        services.AddRollup();
        services.AddCompaction();
        services.AddRetention();
        services.AddErasure();
        services.AddRedrive();
        services.AddLedger();
        services.AddAlerts();
        return builder;
    }

    /// <summary>Maps health, jobs, erasures and exports.</summary>
    public static WebApplication MapCatalogWorker(this WebApplication app)
    {
        app.UseBadRequests();
        app.MapDefaultEndpoints();
        app.MapJobs();
        app.MapErasures();
        app.MapExports();
        return app;
    }
}

/// <summary>The rules the attributes of <see cref="LakeOptions"/> state.</summary>
[OptionsValidator]
internal sealed partial class LakeOptionsValidator : IValidateOptions<LakeOptions>;
