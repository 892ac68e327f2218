using LocalCloud.Athena;
using LocalCloud.Firehose;
using LocalCloud.Glue;
using LocalCloud.Protocol;
using LocalCloud.S3;
using LocalCloud.Signing;
using LocalCloud.Sqs;
using LocalCloud.Sts;
using LocalCloud.Templates;
using LocalCloud.Upstream;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace LocalCloud;

/// <summary>Puts LocalCloud into a host.</summary>
public static class LocalCloudExtensions
{
    /// <summary>Adds every service; each registers itself, with its own folder's <c>AddX</c>.</summary>
    public static WebApplicationBuilder AddLocalCloud(this WebApplicationBuilder builder)
    {
        var services = builder.Services;

        services.AddOptions<LocalCloudOptions>()
            .BindConfiguration(LocalCloudOptions.Section)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<LocalCloudOptions>, LocalCloudOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DataFolder>();

        services.AddAwsProtocols();
        services.AddSigning();

        // The services, one line each.
        services.AddS3();
        services.AddUpstream();
        services.AddSts();
        services.AddSqs();
        services.AddGlue();
        services.AddFirehose();
        services.AddAthena();

        // Last: it uses them all.
        services.AddTemplates();

        builder.ListenOnLoopbackUnlessTold();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ResponseHeaderEncodingSelector = static _ => System.Text.Encoding.UTF8; // user metadata, as SDKs send it
            kestrel.Limits.MaxRequestBodySize = null;         // each protocol has its own limit; an S3 put takes 5 GiB
            kestrel.Limits.MaxRequestLineSize = 32 * 1024;    // a key of 1,024 bytes is 3 KiB when escaped, and a presigned query follows it
            kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
            kestrel.Limits.MinRequestBodyDataRate = null;     // a debugger may hold a client in the middle of a put
        });
        return builder;
    }

    /// <summary>Lets the whole port speak AWS; only paths below <c>/_localcloud/</c> are LocalCloud's own.</summary>
    public static WebApplication MapLocalCloud(this WebApplication app)
    {
        app.UseMiddleware<AwsFrontDoor>();
        app.MapGet("/_localcloud/health", Health.Report);
        app.MapFirehose();
        app.MapStacks();
        return app;
    }

    // A host that was given an address in any of the usual ways keeps it.
    private static void ListenOnLoopbackUnlessTold(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var told = configuration[WebHostDefaults.ServerUrlsKey] ?? configuration["http_ports"] ?? configuration["https_ports"];
        if (string.IsNullOrEmpty(told) && !configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(LocalCloudOptions.DefaultUrl);
        }
    }
}
