namespace Pixel.Events.Lake;

/// <summary>
/// How the hour of a partition is written into an object's key, below the events prefix. In both layouts keys sort
/// by time, so "everything after this hour" is one listing.
/// </summary>
public abstract class KeyLayout
{
    private KeyLayout(string name) => Name = name;

    /// <summary><c>year=2026/month=01/day=31/hour=09/</c>: what Firehose writes on AWS and in LocalCloud.</summary>
    public static KeyLayout Hive { get; } = new HiveLayout();

    /// <summary>
    /// <c>2026/01/31/09/</c>: what Firehose appends to a prefix that has no expression, and what emulators that do not
    /// evaluate expressions always write. <c>MSCK REPAIR TABLE</c> does not understand it.
    /// </summary>
    public static KeyLayout Dated { get; } = new DatedLayout();

    /// <summary>The layout's name in settings: <c>hive</c> or <c>dated</c>.</summary>
    public string Name { get; }

    /// <summary>The layout of a name.</summary>
    /// <exception cref="ArgumentException">There is no such layout.</exception>
    public static KeyLayout Named(string name) => name switch
    {
        "hive" => Hive,
        "dated" => Dated,
        _ => throw new ArgumentException($"A key layout is hive or dated, not '{name}'.", nameof(name)),
    };

    /// <summary>The key's part for a partition, with its closing slash.</summary>
    public abstract string Format(LakePartition partition);

    /// <summary>The key's part for the hour of an instant, with its closing slash.</summary>
    public string Format(DateTimeOffset instant) => Format(LakePartition.Of(instant));

    /// <summary>The key's part for a day, with its closing slash: a prefix of each of its hours.</summary>
    public string FormatDay(DateTimeOffset instant)
    {
        string hour = Format(instant);
        return hour[..(hour.LastIndexOf('/', hour.Length - 2) + 1)];
    }

    /// <summary>Finds the partition that a key or a common prefix belongs to.</summary>
    /// <param name="eventsPrefix">What stands before the hour, for example <c>events/</c>.</param>
    /// <param name="key">
    /// An object's key or a prefix from a listing with a delimiter; it must reach at least to the slash after the hour.
    /// </param>
    /// <param name="partition">The values exactly as they stand in the key.</param>
    /// <returns>False when the key is not below an hour of this layout.</returns>
    public bool TryParse(string eventsPrefix, string key, out LakePartition partition)
    {
        partition = default;
        if (!key.StartsWith(eventsPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> rest = key.AsSpan(eventsPrefix.Length);
        var values = new string[4];
        for (int i = 0; i < values.Length; i++)
        {
            int slash = rest.IndexOf('/');
            if (slash < 0 || !TryParseSegment(i, rest[..slash], out ReadOnlySpan<char> value))
            {
                return false;
            }

            values[i] = value.ToString();
            rest = rest[(slash + 1)..];
        }

        return LakePartition.TryParse(values, out partition);
    }

    /// <summary>Takes the value out of one part of the path, numbered as the partition columns are.</summary>
    protected abstract bool TryParseSegment(int column, ReadOnlySpan<char> segment, out ReadOnlySpan<char> value);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private sealed class HiveLayout() : KeyLayout("hive")
    {
        public override string Format(LakePartition p) => $"year={p.Year}/month={p.Month}/day={p.Day}/hour={p.Hour}/";

        protected override bool TryParseSegment(int column, ReadOnlySpan<char> segment, out ReadOnlySpan<char> value)
        {
            string name = EventSchema.PartitionColumnNames[column];
            bool matches = segment.Length > name.Length + 1 && segment.StartsWith(name, StringComparison.Ordinal) && segment[name.Length] == '=';
            value = matches ? segment[(name.Length + 1)..] : default;
            return matches;
        }
    }

    private sealed class DatedLayout() : KeyLayout("dated")
    {
        public override string Format(LakePartition p) => $"{p.Year}/{p.Month}/{p.Day}/{p.Hour}/";

        protected override bool TryParseSegment(int column, ReadOnlySpan<char> segment, out ReadOnlySpan<char> value)
        {
            // Firehose always pads; anything else is another folder that happens to be numeric.
            value = segment;
            return segment.Length == (column == 0 ? 4 : 2);
        }
    }
}
