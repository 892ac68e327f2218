using System.Buffers.Text;

namespace LocalCloud.S3;

/// <summary>What a listing asks for.</summary>
/// <param name="Prefix">What every key starts with.</param>
/// <param name="Delimiter">Keys that have it after the prefix are rolled up into what stands before it; empty for none.</param>
/// <param name="After">Where to go on.</param>
/// <param name="Max">How many entries, rolled-up prefixes among them.</param>
internal sealed record ListQuery(string Prefix, string Delimiter, ListPosition After, int Max);

/// <summary>A page of a listing, in UTF-8 binary order.</summary>
/// <param name="Objects">The keys.</param>
/// <param name="CommonPrefixes">The prefixes that keys were rolled up into.</param>
/// <param name="Next">Where the next page starts; null after the last one.</param>
internal sealed record ListPage(IReadOnlyList<StoredObject> Objects, IReadOnlyList<string> CommonPrefixes, ListPosition? Next);

/// <summary>A place between two entries of a listing: behind a key, or behind everything that starts with a prefix.</summary>
/// <param name="Text">The key or prefix; empty for the beginning.</param>
/// <param name="IsPrefix">Whether it is a prefix.</param>
internal readonly record struct ListPosition(string Text, bool IsPrefix)
{
    public static ListPosition Beginning { get; } = new("", IsPrefix: false);

    /// <summary>
    /// Where a client's own start is. A start that is itself what keys would be rolled up into lies behind them all, as the
    /// marker of the previous page does; one further inside does not hide what comes after it.
    /// </summary>
    public static ListPosition FromClient(string start, string prefix, string delimiter) =>
        new(start, IsPrefix: delimiter.Length > 0
            && start.Length > prefix.Length
            && start.StartsWith(prefix, StringComparison.Ordinal)
            && start.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) == start.Length - delimiter.Length);

    /// <summary>The opaque form that clients get.</summary>
    public string ToToken() => Base64Url.EncodeToString(KeyOrder.Bytes((IsPrefix ? "p" : "k") + Text));

    /// <exception cref="Protocol.AwsException"><c>InvalidArgument</c>.</exception>
    public static ListPosition FromToken(string token)
    {
        try
        {
            return KeyOrder.Text(Base64Url.DecodeFromChars(token)) switch
            {
                ['k', .. var key] => new ListPosition(key, IsPrefix: false),
                ['p', .. var prefix] => new ListPosition(prefix, IsPrefix: true),
                _ => throw new FormatException(),
            };
        }
        catch (FormatException)
        {
            throw S3Errors.InvalidArgument("The continuation token provided is incorrect", "continuation-token", token);
        }
    }
}

/// <summary>
/// Lists with a delimiter in time that grows with the answer and not with the bucket: behind each rolled-up prefix the
/// scan jumps to the first key that does not start with it.
/// </summary>
internal static class ObjectListing
{
    private const int MaxBatch = 1000;

    public static ListPage List(ObjectStore store, string bucket, ListQuery query)
    {
        var prefix = KeyOrder.Bytes(query.Prefix);
        var end = KeyOrder.After(prefix);
        byte[]? from = prefix;
        byte[]? after = null;
        if (query.After.IsPrefix)
        {
            from = Later(prefix, KeyOrder.After(KeyOrder.Bytes(query.After.Text)));
        }
        else if (query.After.Text.Length > 0)
        {
            after = KeyOrder.Bytes(query.After.Text);
        }

        var objects = new List<StoredObject>();
        var prefixes = new List<string>();
        ListPosition? last = null;
        var batch = query.Delimiter.Length == 0 ? Math.Min(query.Max + 1, MaxBatch) : 8;
        while (from is not null)
        {
            var scanned = store.Scan(bucket, from, end, after, batch);
            var jumped = false;
            foreach (var found in scanned)
            {
                if (objects.Count + prefixes.Count == query.Max)
                {
                    return new ListPage(objects, prefixes, query.Max == 0 ? null : last);
                }

                if (RolledUp(found.Key, query) is { } common)
                {
                    prefixes.Add(common);
                    last = new ListPosition(common, IsPrefix: true);
                    from = KeyOrder.After(KeyOrder.Bytes(common));
                    after = null;
                    jumped = true;
                    break;
                }

                objects.Add(found);
                last = new ListPosition(found.Key, IsPrefix: false);
            }

            if (jumped)
            {
                batch = 8; // most likely another prefix follows
                continue;
            }

            if (scanned.Count < batch)
            {
                break;
            }

            after = KeyOrder.Bytes(scanned[^1].Key);
            batch = Math.Min(batch * 4, MaxBatch);
        }

        return new ListPage(objects, prefixes, Next: null);
    }

    private static string? RolledUp(string key, ListQuery query)
    {
        if (query.Delimiter.Length == 0)
        {
            return null;
        }

        var at = key.IndexOf(query.Delimiter, query.Prefix.Length, StringComparison.Ordinal);
        return at < 0 ? null : key[..(at + query.Delimiter.Length)];
    }

    private static byte[]? Later(byte[] first, byte[]? second) =>
        second is null ? null : first.AsSpan().SequenceCompareTo(second) > 0 ? first : second;
}
