using System.Globalization;

namespace Cli.Bench.Processes;

/// <summary>What a program and the processes it started have used, from <c>/proc</c> (proc(5)).</summary>
/// <param name="Cpu">User and system time since its start, with that of children that have ended.</param>
/// <param name="Peak">The most memory it ever held, in bytes (<c>VmHWM</c>); mapped files count while their pages are there.</param>
/// <param name="Resident">The memory it holds now, in bytes (<c>VmRSS</c>).</param>
/// <param name="Anonymous">Of that, what is its own: heap and stacks (<c>RssAnon</c>).</param>
/// <param name="Files">Of that, what is pages of files, the journal's and the program's own (<c>RssFile</c> and <c>RssShmem</c>).</param>
internal readonly record struct ProcessUsage(TimeSpan Cpu, long Peak, long Resident, long Anonymous, long Files)
{
    // USER_HZ is 100 on every architecture that .NET runs on.
    private const long TicksASecond = 100;

    /// <summary>The sum over the process and all below it; one that has ended meanwhile counts for nothing.</summary>
    public static ProcessUsage OfTree(int process)
    {
        var sum = default(ProcessUsage);
        foreach (var id in Tree(process))
        {
            try
            {
                var one = Parse(File.ReadAllText($"/proc/{id}/stat"), File.ReadLines($"/proc/{id}/status"));
                sum = new(sum.Cpu + one.Cpu, sum.Peak + one.Peak, sum.Resident + one.Resident, sum.Anonymous + one.Anonymous, sum.Files + one.Files);
            }
            catch (IOException)
            {
                // It has ended between being found and being read.
            }
        }

        return sum;
    }

    /// <summary>Reads one process's two files.</summary>
    public static ProcessUsage Parse(string stat, IEnumerable<string> status)
    {
        // utime, stime, cutime and cstime are the fields 14 to 17.
        var ticks = Fields(stat)[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
        var sizes = status.Select(line => line.Split(':')).Where(parts => parts is [_, var value] && value.EndsWith(" kB", StringComparison.Ordinal))
            .ToDictionary(parts => parts[0], parts => long.Parse(parts[1].AsSpan()[..^3], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) << 10);
        return new(
            TimeSpan.FromSeconds((double)ticks / TicksASecond),
            sizes.GetValueOrDefault("VmHWM"),
            sizes.GetValueOrDefault("VmRSS"),
            sizes.GetValueOrDefault("RssAnon"),
            sizes.GetValueOrDefault("RssFile") + sizes.GetValueOrDefault("RssShmem"));
    }

    private static IEnumerable<int> Tree(int root)
    {
        var children = new Dictionary<int, List<int>>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && ParentOf(id) is { } parent)
            {
                (children.TryGetValue(parent, out var siblings) ? siblings : children[parent] = []).Add(id);
            }
        }

        var found = new Queue<int>([root]);
        while (found.TryDequeue(out var next))
        {
            yield return next;
            foreach (var child in children.GetValueOrDefault(next, []))
            {
                found.Enqueue(child);
            }
        }
    }

    private static int? ParentOf(int process)
    {
        try
        {
            return int.Parse(Fields(File.ReadAllText($"/proc/{process}/stat"))[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>What follows the name, which stands in brackets and may contain anything: state, parent and so on.</summary>
    private static string[] Fields(string stat) => stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
}
