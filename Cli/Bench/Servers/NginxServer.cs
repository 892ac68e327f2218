using System.Globalization;
using Cli.Bench.Load;
using Cli.Bench.Processes;

namespace Cli.Bench.Servers;

/// <summary>
/// nginx with one worker, its own one-pixel image, and a JSON access log through a 64 KiB buffer: what many sites use as a
/// tracking pixel. A line of the log has what our event has and nginx knows. What is in the buffer is lost when it is
/// killed.
/// </summary>
internal sealed class NginxServer : IServer
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private readonly ServerProcess _process;
    private readonly string _log;

    private NginxServer(ServerProcess process, int port, string log)
    {
        _process = process;
        Port = port;
        _log = log;
    }

    public string Name => "nginx";

    public int Port { get; }

    public ProcessUsage Usage => _process.Usage;

    public ProcessUsage UsageBeside => default;

    public static async Task<IServer> StartAsync(string program, string folder, CancellationToken cancel)
    {
        var port = FreePort.Choose();
        var log = Path.Combine(folder, "access.log");
        var configuration = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(configuration, Configuration(port, folder, log), cancel);
        var process = ServerProcess.Start("nginx", folder, program, "-p", folder, "-e", Path.Combine(folder, "error.log"), "-c", configuration);
        try
        {
            await process.WhenListeningAsync(port, cancel);
            await PixelCheck.MustAnswerTheImageAsync("nginx", port, cancel);
            return new NginxServer(process, port, log);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async Task<Kept?> StopAndCountAsync(CancellationToken cancel)
    {
        await _process.StopAsync(Signal.Quit, StopPatience, cancel);
        var lines = await LinesAsync(_log, cancel);
        return new(lines, string.Create(CultureInfo.InvariantCulture, $"its access log has {lines} lines"));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string Configuration(int port, string folder, string log) => string.Create(CultureInfo.InvariantCulture, $$"""
        daemon off;
        worker_processes 1;
        worker_rlimit_nofile 16384;
        pid "{{folder}}/nginx.pid";
        events { worker_connections 8192; }
        http {
          log_format event escape=json '{"received_at":"$time_iso8601","ip":"$remote_addr","event_name":"$arg_event","user_id":"$arg_userid",'
            '"third_party":"$arg_thirdpartyname","page_url":"$arg_url","referrer":"$arg_referrer","language":"$arg_lang","screen":"$arg_screen",'
            '"utm_source":"$arg_utm_source","utm_medium":"$arg_utm_medium","utm_campaign":"$arg_utm_campaign",'
            '"user_agent":"$http_user_agent","query":"$args"}';
          server_tokens off;
          keepalive_timeout 600s;
          keepalive_requests 1000000000;
          client_body_temp_path "{{folder}}/body";
          server {
            listen 127.0.0.1:{{port}} backlog=4096;
            location = {{SampleRequest.Path}} {
              access_log "{{log}}" event buffer=64k;
              add_header Cache-Control "no-store, no-cache, must-revalidate";
              add_header Cross-Origin-Resource-Policy "cross-origin";
              empty_gif;
            }
          }
        }
        """);

    private static async Task<long> LinesAsync(string file, CancellationToken cancel)
    {
        await using var stream = File.OpenRead(file);
        var buffer = new byte[1 << 20];
        long lines = 0;
        for (int count; (count = await stream.ReadAsync(buffer, cancel)) > 0;)
        {
            lines += buffer.AsSpan(0, count).Count((byte)'\n');
        }

        return lines;
    }
}
