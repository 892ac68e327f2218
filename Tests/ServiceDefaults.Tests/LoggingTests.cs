using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace ServiceDefaults.Tests;

public sealed class LoggingTests
{
    [Fact]
    public async Task Requests_are_not_logged_because_their_queries_hold_what_people_did()
    {
        var lines = await LinesOfOneRequestAsync();

        Assert.DoesNotContain(lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_wants_the_request_log_configures_it()
    {
        var lines = await LinesOfOneRequestAsync(("Logging:LogLevel:Microsoft.AspNetCore", "Information"));

        Assert.Contains(lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyCollection<string>> LinesOfOneRequestAsync(params (string, string?)[] settings)
    {
        var lines = new Lines();
        await using (var app = await Service.StartAsync(b => b.Logging.AddProvider(lines), settings))
        {
            using var http = app.Client();
            await http.GetStringAsync("/health?userid=secret");
        }

        return lines.All;
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => All.Enqueue(formatter(state, exception));
    }
}
