using System.Text;
using LocalCloud;
using LocalCloud.S3;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cli.Tests.Query;

/// <summary>A LocalCloud with the lake in it, on a port and in a folder of its own.</summary>
public sealed class RunningCloud : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pixel-cli-");
    private WebApplication? _app;

    public string Port => new Uri(_app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port.ToString();

    /// <summary>Puts an object into the lake's bucket.</summary>
    public Task PutAsync(string key, string text)
        => _app!.Services.GetRequiredService<ObjectStore>().PutAsync("pixel-lake", key, new MemoryStream(Encoding.UTF8.GetBytes(text)));

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder.FullName });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["LocalCloud:DataFolder"] = Path.Combine(_folder.FullName, "cloud"),
            ["LocalCloud:Template"] = Path.Combine(AppContext.BaseDirectory, "pixel-lake.template.json"),
            ["LocalCloud:Parameters:BucketName"] = "pixel-lake",
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        _app = builder.AddLocalCloud().Build().MapLocalCloud();
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
