using System.Text.Json.Serialization;

namespace Catalog.Worker.Jobs.Locking;

/// <summary>The document <c>catalog/locks/{name}.json</c>. It stays when the lock is free, because it keeps the token.</summary>
/// <param name="Token">
/// The fencing token: one more each time that the lock is taken. Whatever a job writes carries the token it was written
/// under, so what a worker writes that has lost its lock unnoticed can be told from what its successor wrote.
/// </param>
/// <param name="Owner">The run that holds the lock; null when it is free.</param>
/// <param name="Job">The job of that run.</param>
/// <param name="Host">The machine of that run, or <see cref="JobLockOptions.Worker"/>.</param>
/// <param name="ExpiresAt">Until when it holds the lock without renewing it, by the owner's clock.</param>
/// <param name="DoneAt">For each job, when the last run that succeeded had begun.</param>
internal sealed record LockState(
    long Token, string? Owner, string? Job, string? Host, DateTimeOffset? ExpiresAt, IReadOnlyDictionary<string, DateTimeOffset>? DoneAt)
{
    /// <summary>Whether a run of the job that began at that time or later has done its work.</summary>
    public bool HasDone(string job, DateTimeOffset? due) => due is not null && DoneAt?.TryGetValue(job, out var done) == true && due <= done;

    /// <summary>Whether somebody may still be at work.</summary>
    public bool IsHeld(DateTimeOffset now, TimeSpan tolerance) => Owner is not null && now < ExpiresAt + tolerance;
}

[JsonSerializable(typeof(LockState))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class LockJson : JsonSerializerContext;
