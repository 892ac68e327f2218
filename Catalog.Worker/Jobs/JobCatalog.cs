using System.Diagnostics.CodeAnalysis;

namespace Catalog.Worker.Jobs;

/// <summary>All jobs of the worker, in the order in which they were added.</summary>
internal sealed class JobCatalog(IEnumerable<JobRunner> jobs)
{
    public IReadOnlyList<JobRunner> All { get; } = [.. jobs];

    public bool TryFind(string name, [NotNullWhen(true)] out JobRunner? job)
        => (job = All.FirstOrDefault(j => j.Name == name)) is not null;
}
