using System.Text.Json;
using System.Text.Unicode;

namespace Pixel.Events;

/// <summary>
/// The field file, <c>pixel.fields.json</c>: the one place that says what is taken from a request. The columns of
/// the table, its Parquet files and the <c>events</c> view follow from it.
/// </summary>
/// <remarks>
/// The format is JSON with <c>//</c> and <c>/* */</c> comments and trailing commas allowed, because people edit it.
/// A property that is not known is an error: a misspelt one would silently do nothing.
/// </remarks>
public sealed class FieldFile
{
    /// <summary>The name of the file that ships with every program.</summary>
    public const string DefaultName = "pixel.fields.json";

    private FieldFile(string path, IReadOnlyList<Field> fields)
    {
        Path = path;
        Fields = fields;
    }

    /// <summary>Where the file was read, as it was given.</summary>
    public string Path { get; }

    /// <summary>The fields, in the file's order, which is the order of their columns.</summary>
    public IReadOnlyList<Field> Fields { get; }

    /// <summary>The copy of the file beside the running program.</summary>
    public static string DefaultPath => System.IO.Path.Combine(AppContext.BaseDirectory, DefaultName);

    /// <summary>Reads and checks a file.</summary>
    /// <param name="path">The file; null or empty for <see cref="DefaultPath"/>.</param>
    /// <exception cref="FieldFileException">The file is missing, unreadable or wrong; it names every problem.</exception>
    public static FieldFile Load(string? path = null)
    {
        path = string.IsNullOrWhiteSpace(path) ? DefaultPath : path;
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FieldFileException(path, "does not exist (setting Fields:File)", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FieldFileException(path, $"cannot be read (setting Fields:File): {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>Checks the text of a field file.</summary>
    /// <param name="utf8">The file's bytes, with or without a byte order mark.</param>
    /// <param name="path">What to call it in messages.</param>
    /// <exception cref="FieldFileException">It names every problem.</exception>
    public static FieldFile Parse(ReadOnlySpan<byte> utf8, string path)
    {
        if (utf8.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        if (!Utf8.IsValid(utf8))
        {
            throw new FieldFileException(path, "is not UTF-8 text");
        }

        var reader = new FieldFileReader(utf8);
        try
        {
            reader.Read();
        }
        catch (JsonException e)
        {
            // The reader's own message repeats the position in its words.
            string message = e.Message.Split(" LineNumber:")[0].TrimEnd('.');
            throw new FieldFileException(path, [.. reader.Problems, new FieldFileProblem((int)(e.LineNumber ?? 0) + 1, null, $"this is not JSON, {message}")]);
        }

        FieldRules.Check(reader.Fields, reader.Problems);
        if (reader.Problems.Count > 0)
        {
            throw new FieldFileException(path, [.. reader.Problems.OrderBy(p => p.Line)]);
        }

        return new FieldFile(path, [.. reader.Fields.Select(f => f.Field)]);
    }
}
