using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ServiceDefaults.Tests;

/// <summary>Alone, because these watch the process's standard streams.</summary>
[CollectionDefinition(nameof(StandardStreams), DisableParallelization = true)]
public sealed class StandardStreams;

[Collection(nameof(StandardStreams))]
public sealed class StartupTests : IDisposable
{
    private readonly TextWriter _error = Console.Error;
    private readonly TextWriter _out = Console.Out;
    private readonly StringWriter _said = new();

    public StartupTests()
    {
        Console.SetError(_said);
        Console.SetOut(_said);
    }

    public void Dispose()
    {
        Console.SetError(_error);
        Console.SetOut(_out);
    }

    [Fact]
    public async Task A_busy_port_is_one_sentence_that_names_the_setting()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://{other.LocalEndpoint}";

        var code = await RunAsync(b => b.WebHost.UseUrls(url));

        Assert.Equal(1, code);
        Assert.Equal($"Failed to bind to address {url}: address already in use; choose another with --urls or ASPNETCORE_URLS.", Said);
    }

    [Theory]
    [InlineData("nowhere", "Invalid url: 'nowhere'; choose another with --urls or ASPNETCORE_URLS.")]
    [InlineData("http://127.0.0.1:99999", "A port is a number from 0 to 65535; choose another with --urls or ASPNETCORE_URLS.")]
    public async Task An_address_that_is_none_is_one_sentence_that_names_the_setting(string url, string sentence)
    {
        Assert.Equal(1, await RunAsync(b => b.WebHost.UseUrls(url)));
        Assert.Equal(sentence, Said);
    }

    [Fact]
    public async Task A_settings_file_that_is_not_json_is_one_sentence_that_names_it()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "{ \"a\": ", TestContext.Current.CancellationToken);
        try
        {
            Assert.Equal(1, await RunAsync(b => b.Configuration.AddJsonFile(file)));
        }
        finally
        {
            File.Delete(file);
        }

        Assert.StartsWith($"Failed to load configuration from file '{file}': ", Said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Said);
    }

    [Fact]
    public async Task A_setting_of_the_wrong_type_is_one_sentence_that_names_it()
    {
        Assert.Equal(1, await RunAsync(_ => { }, ("Telemetry:Enabled", "maybe")));
        Assert.Equal("Failed to convert configuration value 'maybe' at 'Telemetry:Enabled' to type 'System.Boolean'.", Said);
    }

    [Fact]
    public async Task All_wrong_settings_are_one_sentence()
    {
        var code = await RunAsync(
            b => b.Services.AddAwsClient<Amazon.S3.IAmazonS3>(), ("AWS:ServiceURL", "nowhere"), ("AWS:AccessKey", "id"));

        Assert.Equal(1, code);
        Assert.Equal("AWS:ServiceURL must be an http or https URL, not 'nowhere'; AWS:AccessKey and AWS:SecretKey must be set together.", Said);
    }

    [Fact]
    public async Task A_service_explains_its_own_failures()
    {
        var byType = await RunAsync(b => b.Services.AddHostedService(_ => new Fails(new StartupException("Journal:Folder cannot be written."))));
        var byHand = await RunAsync(b => b.Services.AddHostedService(_ => new Fails(new FormatException("line 3"))), e => e is FormatException ? $"Fields:File is wrong: {e.Message}." : null);

        Assert.Equal((1, 1), (byType, byHand));
        Assert.Equal("Journal:Folder cannot be written.\nFields:File is wrong: line 3.", Said);
    }

    [Fact]
    public async Task A_defect_is_not_turned_into_a_sentence()
        => await Assert.ThrowsAsync<InvalidOperationException>(
            () => RunAsync(b => b.Services.AddHostedService(_ => new Fails(new InvalidOperationException("a defect")))));

    [Fact]
    public async Task A_failed_background_service_is_not_a_clean_stop()
    {
        var code = await RunAsync(b => b.Services.AddHostedService<Faults>());

        Assert.Equal(1, code);
        Assert.Contains("the background failed", Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_told_to_stop_ends_with_zero()
    {
        var code = await RunAsync(b => b.Services.AddHostedService<Stops>());

        Assert.Equal(0, code);
    }

    private string Said => _said.ToString().ReplaceLineEndings("\n").TrimEnd('\n');

    private static Task<int> RunAsync(Action<WebApplicationBuilder> configure, params (string, string?)[] settings)
        => ServiceHost.RunAsync([], _ => Service.Build(configure, settings));

    private static Task<int> RunAsync(Action<WebApplicationBuilder> configure, Func<Exception, string?> known)
        => ServiceHost.RunAsync([], _ => Service.Build(configure), known);

    private sealed class Fails(Exception exception) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw exception;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Faults(IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var started = new TaskCompletionSource();
            lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task;
            throw new InvalidOperationException("the background failed");
        }
    }

    private sealed class Stops(IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            lifetime.ApplicationStarted.Register(lifetime.StopApplication);
            return Task.CompletedTask;
        }
    }
}
