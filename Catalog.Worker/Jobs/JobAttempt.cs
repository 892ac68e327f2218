namespace Catalog.Worker.Jobs;

/// <summary>What became of wanting to run a job.</summary>
internal abstract record JobAttempt
{
    private JobAttempt()
    {
    }

    /// <summary>It ran.</summary>
    public sealed record Ran(JobRun Run) : JobAttempt;

    /// <summary>It is running already, here or in another worker.</summary>
    /// <param name="Sentence">Says where.</param>
    /// <param name="FreeAt">When another worker's lock ends unless it is renewed; null when it runs here.</param>
    public sealed record Busy(string Sentence, DateTimeOffset? FreeAt) : JobAttempt;

    /// <summary>Another worker has done what was due.</summary>
    public sealed record DoneElsewhere : JobAttempt;
}
