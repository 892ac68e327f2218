using System.Reflection;

namespace Catalog.Worker.Views;

/// <summary>
/// All views, each after those that it reads. The files travel inside the assembly: they are there wherever it runs, and
/// a file that is deleted is gone with the next build.
/// </summary>
internal sealed class ViewFiles
{
    private const string Suffix = ".sql";
    private static readonly string Prefix = $"{typeof(ViewFiles).Namespace}.";

    /// <param name="files">The views in any order.</param>
    /// <exception cref="FormatException">Views read each other in a circle.</exception>
    public ViewFiles(IReadOnlyCollection<ViewFile> files) => All = InOrder(files);

    public IReadOnlyList<ViewFile> All { get; }

    /// <summary>The views of this program.</summary>
    public static ViewFiles Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var names = assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal) && n.EndsWith(Suffix, StringComparison.Ordinal));
        return new([.. names.Select(n => ViewFile.Parse(n[Prefix.Length..^Suffix.Length], Read(assembly, n)))]);
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static List<ViewFile> InOrder(IReadOnlyCollection<ViewFile> files)
    {
        var waiting = files.OrderBy(f => f.Name, StringComparer.Ordinal).ToList();
        var ordered = new List<ViewFile>();
        while (waiting.Count > 0)
        {
            var next = waiting.Find(view => !waiting.Exists(other => view.Reads(other.Name)))
                ?? throw new FormatException($"The views {string.Join(", ", waiting.Select(v => v.Name))} read each other in a circle.");
            waiting.Remove(next);
            ordered.Add(next);
        }

        return ordered;
    }
}
