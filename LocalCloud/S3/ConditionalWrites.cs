namespace LocalCloud.S3;

/// <summary>
/// Knows the conditional puts whose bodies are still arriving. S3 answers such a put 409 when the object is deleted
/// before the put is done: the condition was true of something that no longer is
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
/// </summary>
internal sealed class ConditionalWrites
{
    private readonly Lock _lock = new();
    private readonly List<Watched> _watched = [];

    /// <summary>Watches the key until the answer is disposed; null when there is no condition.</summary>
    public Watched? Watch(string bucket, string key, PutConditions conditions)
    {
        if (conditions == PutConditions.None)
        {
            return null;
        }

        var watched = new Watched(this, bucket, key);
        lock (_lock)
        {
            _watched.Add(watched);
        }

        return watched;
    }

    /// <summary>Called inside the transaction that deletes, so that no put can commit between the two.</summary>
    public void Deleted(string bucket, string key)
    {
        lock (_lock)
        {
            foreach (var watched in _watched)
            {
                watched.WasDeleted |= watched.Bucket == bucket && watched.Key == key;
            }
        }
    }

    internal sealed class Watched(ConditionalWrites owner, string bucket, string key) : IDisposable
    {
        public string Bucket { get; } = bucket;

        public string Key { get; } = key;

        /// <summary>Written under the owner's lock, read inside a write transaction, which comes after the deleting one.</summary>
        public bool WasDeleted { get; set; }

        public void Dispose()
        {
            lock (owner._lock)
            {
                owner._watched.Remove(this);
            }
        }
    }
}
