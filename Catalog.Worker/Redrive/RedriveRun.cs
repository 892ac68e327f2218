using Catalog.Worker.Erasure;
using Catalog.Worker.Jobs;

namespace Catalog.Worker.Redrive;

/// <summary>One run over all sources: what to do with each event, and what was counted. Single-threaded.</summary>
internal sealed class RedriveRun(
    EventRepair repair, EventResender resender, Quarantine quarantine, IReadOnlyList<Subject> beingErased, JobContext context, AwsCalls calls)
{
    private readonly List<QuarantinedEvent> _aside = [];
    private string _source = "";

    public JobContext Context => context;

    public AwsCalls Calls => calls;

    public long Sources { get; private set; }

    public long Events { get; set; }

    public long Sent { get; private set; }

    public long Repaired { get; private set; }

    public long Quarantined { get; private set; }

    /// <summary>Events of those whose erasure is under way: they go with their source.</summary>
    public long Erased { get; private set; }

    /// <summary>Begins a source.</summary>
    public void Begin(string source)
    {
        _source = source;
        _aside.Clear();
        Sources++;
    }

    /// <summary>Takes a record apart into its events, one a line, and deals with each.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isTheirs">Whether an event in it was why the record failed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task TakeRecordAsync(ReadOnlyMemory<byte> record, bool isTheirs, CancellationToken cancellationToken)
    {
        while (record.Length > 0)
        {
            var end = record.Span.IndexOf((byte)'\n');
            var line = end < 0 ? record : record[..end];
            record = end < 0 ? default : record[(end + 1)..];
            if (line.Span.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                await TakeAsync(line, isTheirs, cancellationToken);
            }
        }
    }

    /// <summary>Puts something aside for good.</summary>
    public void PutAside(string reason, ReadOnlySpan<byte> line)
    {
        Quarantined++;
        _aside.Add(QuarantinedEvent.Of(reason, _source, line));
    }

    /// <summary>Ends a source: afterwards all its events are delivered or in quarantine.</summary>
    /// <returns>Whether it may be removed.</returns>
    public async Task<bool> EndAsync(bool flush, CancellationToken cancellationToken)
    {
        if (context.DryRun)
        {
            return false;
        }

        await quarantine.WriteAsync(_source, _aside, context.StartedAt, calls, cancellationToken);
        if (flush)
        {
            await resender.FlushAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>Delivers what was taken from several sources.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => resender.FlushAsync(cancellationToken);

    private async Task TakeAsync(ReadOnlyMemory<byte> line, bool isTheirs, CancellationToken cancellationToken)
    {
        Events++;
        if (beingErased.Any(s => s.Is(line.Span) == true))
        {
            Erased++;
            return;
        }

        switch (repair.Judge(line.Span, isTheirs))
        {
            case EventRepair.Verdict.Send send when EventResender.Carries(send.Line):
                Sent++;
                Repaired += send.Repaired ? 1 : 0;
                if (!context.DryRun)
                {
                    await resender.SendAsync(send.Line, send.Alone, cancellationToken);
                }

                break;
            case EventRepair.Verdict.PutAside aside:
                PutAside(aside.Reason, line.Span);
                break;
            default:
                PutAside("It is larger than a Firehose record may be.", line.Span);
                break;
        }
    }
}
