using System.Buffers;
using System.Text;

namespace Pixel.Events;

/// <summary>The rules a field file must keep beyond its syntax. Each problem is noted; none stops the check.</summary>
internal static class FieldRules
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    public static void Check(IReadOnlyList<ReadField> fields, List<FieldFileProblem> problems)
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        int characters = 0;
        foreach (ReadField read in fields)
        {
            Field field = read.Field;
            void Problem(string text) => problems.Add(new(read.Line, read.Label, text));

            if (field.Name.Length > 0)
            {
                if (NameProblem(field.Name) is { } problem)
                {
                    Problem(problem);
                }
                else if (!names.TryAdd(field.Name, read.Line))
                {
                    Problem($"the name is already used on line {names[field.Name]}");
                }
            }

            if (read.SaysMaxLength && field.Type != FieldType.String)
            {
                Problem("maxLength is only for the type string");
            }
            else if (field.MaxLength is < 1 or > EventLimits.FieldLength)
            {
                Problem($"maxLength must be 1 to {EventLimits.FieldLength}");
            }
            else if (field.Type == FieldType.String)
            {
                characters += field.MaxLength;
            }

            if (field.Default is { } value && !FieldValue.TryParse(field.Type, Encoding.UTF8.GetBytes(value), out _))
            {
                Problem($"the default '{value}' is not of the type {field.Type.ToGlueType()}");
            }

            if (field.Default is { } text && field.Type == FieldType.String && text.EnumerateRunes().Count() > field.MaxLength)
            {
                Problem("the default is longer than maxLength");
            }

            // Glue refuses longer comments.
            if (field.Comment is { Length: > 255 })
            {
                Problem("the comment is longer than 255 characters");
            }
        }

        int last = fields.Count > 0 ? fields[^1].Line : 1;
        if (fields.Count > EventLimits.Fields)
        {
            problems.Add(new(last, null, $"there are {fields.Count} fields; at most {EventLimits.Fields} fit one event"));
        }

        if (characters > EventLimits.FieldCharacters)
        {
            problems.Add(new(last, null, $"the maximum lengths add up to {characters}; at most {EventLimits.FieldCharacters} fit one event"));
        }
    }

    private static string? NameProblem(string name)
    {
        // What Glue, Athena and Parquet all take without quoting or folding.
        if (name.Length > 128 || !char.IsAsciiLetterLower(name[0]) || name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            return $"the name '{name}' must start with a lower-case letter, hold only lower-case letters, digits and underscores, and have at most 128 characters";
        }

        if (BuiltIn.Columns.Any(c => c.Name == name))
        {
            return $"the name '{name}' is a built-in column";
        }

        return EventSchema.PartitionColumnNames.Contains(name) ? $"the name '{name}' is a partition column" : null;
    }
}
