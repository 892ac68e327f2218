using static LocalCloud.Templates.Resources.PropertyShape;

namespace LocalCloud.Templates.Resources;

/// <summary>
/// Shapes as a text, for types of which only the shape is needed: <c>Code!{S3Bucket S3Key} Layers[] Timeout# Tags[{Key! Value!}]</c>.
/// After a name come <c>!</c> when it must be there and its kind: nothing for a text, <c>#</c> a whole number, <c>~</c> a number,
/// <c>?</c> true or false, <c>*</c> anything, <c>[…]</c> a list of a kind, <c>{…}</c> an object with these members.
/// </summary>
internal static class PropertyNotation
{
    /// <summary>Reads the members of an object.</summary>
    /// <exception cref="FormatException">The text is not in this notation.</exception>
    public static PropertyShape Read(string text)
    {
        var at = 0;
        var shape = ReadMembers(text, ref at);
        return at == text.Length ? shape : throw new FormatException($"'{text[at]}' has no beginning in: {text}");
    }

    private static PropertyShape ReadMembers(string text, ref int at)
    {
        var members = new List<(string, PropertyShape)>();
        while (true)
        {
            while (at < text.Length && text[at] == ' ')
            {
                at++;
            }

            if (at == text.Length || text[at] == '}')
            {
                return Members([.. members]);
            }

            var start = at;
            while (at < text.Length && char.IsAsciiLetterOrDigit(text[at]))
            {
                at++;
            }

            if (at == start)
            {
                throw new FormatException($"'{text[at]}' is no name in: {text}");
            }

            if (at < text.Length && text[at] == '!')
            {
                at++;
            }

            members.Add((text[start..at], ReadKind(text, ref at)));
        }
    }

    private static PropertyShape ReadKind(string text, ref int at)
    {
        switch (at < text.Length ? text[at] : ' ')
        {
            case '#':
                at++;
                return Whole;
            case '~':
                at++;
                return Number;
            case '?':
                at++;
                return Flag;
            case '*':
                at++;
                return Any;
            case '[':
                at++;
                var item = ReadKind(text, ref at);
                Close(text, ']', ref at);
                return List(item);
            case '{':
                at++;
                var members = ReadMembers(text, ref at);
                Close(text, '}', ref at);
                return members;
            default:
                return Text;
        }
    }

    private static void Close(string text, char with, ref int at)
    {
        if (at == text.Length || text[at] != with)
        {
            throw new FormatException($"A {with} is missing in: {text}");
        }

        at++;
    }
}
