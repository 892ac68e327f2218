using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace LocalCloud;

/// <summary>Ends a start that cannot succeed with one sentence instead of a stack trace.</summary>
internal static class StartGuard
{
    private static readonly string[] StartLogs =
    [
        "Microsoft.Extensions.Hosting.Internal.Host",
        "Microsoft.AspNetCore.Hosting.Diagnostics",
        "Microsoft.AspNetCore.Server.Kestrel",
    ];

    /// <summary>Builds and runs the program; answers the exit code: 0 after a graceful stop, 1 when it could not start.</summary>
    public static async Task<int> RunAsync(string[] args, Func<WebApplicationBuilder, WebApplicationBuilder> build, Func<WebApplication, WebApplication> map)
    {
        try
        {
            // The settings file lies beside the program, wherever it is started from.
            var builder = build(WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }));

            // Until the start is over, what fails is told below and not also by the framework with its stack trace.
            var started = false;
            foreach (var category in StartLogs)
            {
                builder.Logging.AddFilter(category, level => level >= LogLevel.Warning && Volatile.Read(ref started));
            }

            var app = map(builder.Build());
            app.Lifetime.ApplicationStarted.Register(() => Volatile.Write(ref started, true));
            await app.RunAsync();
            return 0;
        }
        catch (Exception error) when (Sentence(error) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }
    }

    /// <summary>What to tell the person who started it; null when it is not a matter of settings.</summary>
    internal static string? Sentence(Exception error) => error switch
    {
        OptionsValidationException invalid => string.Join(' ', invalid.Failures),
        // Thrown by the configuration binder, with the setting's full name in it.
        InvalidOperationException { InnerException: FormatException or ArgumentException or InvalidCastException } wrong => wrong.Message,
        IOException { InnerException: AddressInUseException } busy => $"{busy.Message} Choose another with --urls.",
        IOException { InnerException: SocketException } refused => $"{refused.Message} Choose another address with --urls.",
        SocketException refused => $"The address given with --urls cannot be listened on: {refused.Message}.",
        FormatException format when format.Message.Contains("url", StringComparison.OrdinalIgnoreCase) => $"--urls is wrong: {format.Message}",
        _ => null,
    };
}
