using System.Threading.Channels;
using Catalog.Worker.Jobs;

namespace Catalog.Worker.Tests.Jobs;

/// <summary>A job that tells each run and does what the test says.</summary>
internal sealed class TestJob : IJob
{
    private readonly Channel<JobContext> _runs = Channel.CreateUnbounded<JobContext>();

    public const string JobName = "test";

    public string Name => JobName;

    public Func<CancellationToken, Task<JobResult>> Work { get; set; } = _ => Task.FromResult(JobResult.Of(new JobCount("done", 1)));

    /// <summary>Goes before <see cref="Work"/> when set.</summary>
    public Func<JobContext, Task<JobResult>>? Run { get; set; }

    public async Task<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        await _runs.Writer.WriteAsync(context, cancellationToken);
        return await (Run is null ? Work(cancellationToken) : Run(context));
    }

    /// <summary>Waits for the next run to begin.</summary>
    public async Task<JobContext> NextAsync() => await _runs.Reader.ReadAsync(TestContext.Current.CancellationToken);
}
