using System.Collections.Concurrent;
using Catalog.Worker.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Catalog.Worker.Tests.Jobs;

public sealed class LoggingTests(JobsCloud cloud) : IClassFixture<JobsCloud>
{
    [Fact]
    public async Task The_same_refusal_again_and_again_is_one_line()
    {
        using var log = new Lines();
        await using var worker = await Worker.StartAsync(await cloud.SettingsAsync(), services: s => s.AddJob<TestJob>(TestJob.JobName, "off"), log: log);
        worker.Services.GetRequiredService<TestJob>().Work = _ => throw new JobException("The table is missing.");

        for (var i = 0; i < 5; i++)
        {
            await worker.FailAsync("test");
        }

        Assert.Equal(["test: The table is missing."], log.All.Where(l => l.StartsWith("test", StringComparison.Ordinal)));
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
