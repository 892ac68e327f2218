namespace Pixel.Events;

/// <summary>A field file that cannot be used. The message is one sentence with every problem in it.</summary>
public sealed class FieldFileException : Exception
{
    internal FieldFileException(string file, IReadOnlyList<FieldFileProblem> problems)
        : base($"The field file {file} {(problems.Count == 1 ? "has a problem" : $"has {problems.Count} problems")}: {string.Join("; ", problems)}.")
    {
        File = file;
        Problems = problems;
    }

    internal FieldFileException(string file, string reason, Exception? inner = null)
        : base($"The field file {file} {reason}.", inner)
    {
        File = file;
        Problems = [];
    }

    /// <summary>The file's path as it was given.</summary>
    public string File { get; }

    /// <summary>All problems, in the order of the file; empty when the file could not be read at all.</summary>
    public IReadOnlyList<FieldFileProblem> Problems { get; }
}

/// <summary>One problem of a field file.</summary>
/// <param name="Line">The line it is on, from 1.</param>
/// <param name="Field">The field's name, its place (<c>#3</c>) when it has none, or null outside of fields.</param>
/// <param name="Text">What is wrong, as the end of a sentence.</param>
public sealed record FieldFileProblem(int Line, string? Field, string Text)
{
    /// <summary>Line, field and problem in a few words.</summary>
    public override string ToString() => Field is null ? $"line {Line}: {Text}" : $"line {Line}, field {Field}: {Text}";
}
