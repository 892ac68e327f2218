using System.Text;

namespace LocalCloud.Athena.Sql;

internal enum TokenKind { Word, Quoted, String, Binary, Number, Symbol, Parameter, End }

/// <summary>
/// A piece of SQL. <see cref="Text"/> is the content: lower case for a word, unescaped for a string or a quoted name,
/// as written for a number or a symbol. <see cref="Start"/> and <see cref="End"/> delimit it in the source.
/// </summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Start, int End, int Line, int Column)
{
    public bool Is(string word) => Kind is TokenKind.Word or TokenKind.Symbol && Text == word;
}

/// <summary>The statement cannot be parsed; the message is worded and positioned as Athena words and positions it.</summary>
internal sealed class SqlSyntaxException(string message) : Exception(message)
{
    public static SqlSyntaxException At(Token token, string problem) => new($"line {token.Line}:{token.Column}: {problem}");

    public static SqlSyntaxException Unexpected(Token token, string source, string expecting) =>
        At(token, token.Kind == TokenKind.End
            ? $"mismatched input '<EOF>'. Expecting: {expecting}"
            : $"mismatched input '{source[token.Start..token.End]}'. Expecting: {expecting}");
}

/// <summary>
/// Splits Athena's two dialects (Trino for queries, Hive for DDL) into tokens. What is inside a string, a quoted name
/// or a comment is never looked at again, so no rewriting can reach into it.
/// </summary>
internal static class SqlLexer
{
    private static readonly string[] Symbols = ["<>", "!=", "<=", ">=", "||", "->", "=>"];

    public static List<Token> Read(string source)
    {
        var tokens = new List<Token>();
        int at = 0, line = 1, lineStart = 0;
        while (true)
        {
            at = SkipBlank(source, at, ref line, ref lineStart);
            int start = at, startLine = line, column = at - lineStart + 1;
            if (at >= source.Length)
            {
                tokens.Add(new Token(TokenKind.End, "", start, start, startLine, column));
                return tokens;
            }

            var (kind, text) = Next(source, ref at, startLine, column);
            for (var i = start; i < at; i++)
            {
                if (source[i] == '\n')
                {
                    (line, lineStart) = (line + 1, i + 1);
                }
            }

            tokens.Add(new Token(kind, text, start, at, startLine, column));
        }
    }

    private static (TokenKind, string) Next(string source, ref int at, int line, int column)
    {
        var c = source[at];
        if (c is 'x' or 'X' && At(source, at + 1) == '\'')
        {
            at++;
            return (TokenKind.Binary, Delimited(source, ref at, '\'', line, column));
        }

        if (char.IsLetter(c) || c == '_')
        {
            var start = at;
            while (char.IsLetterOrDigit(At(source, at)) || At(source, at) is '_' or '$' or '@')
            {
                at++;
            }

            return (TokenKind.Word, source[start..at].ToLowerInvariant());
        }

        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(At(source, at + 1))))
        {
            return (TokenKind.Number, Number(source, ref at));
        }

        switch (c)
        {
            case '\'': return (TokenKind.String, Delimited(source, ref at, '\'', line, column));
            case '"': return (TokenKind.Quoted, Delimited(source, ref at, '"', line, column));
            case '`': return (TokenKind.Quoted, Delimited(source, ref at, '`', line, column));
            case '?': at++; return (TokenKind.Parameter, "?");
        }

        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(source, at, symbol, 0, symbol.Length) == 0)
            {
                at += symbol.Length;
                return (TokenKind.Symbol, symbol);
            }
        }

        at++;
        return (TokenKind.Symbol, c.ToString());
    }

    private static string Number(string source, ref int at)
    {
        var start = at;
        while (char.IsAsciiDigit(At(source, at)))
        {
            at++;
        }

        if (At(source, at) == '.')
        {
            at++;
            while (char.IsAsciiDigit(At(source, at)))
            {
                at++;
            }
        }

        var sign = At(source, at + 1) is '+' or '-' ? 2 : 1;
        if (At(source, at) is 'e' or 'E' && char.IsAsciiDigit(At(source, at + sign)))
        {
            at += sign;
            while (char.IsAsciiDigit(At(source, at)))
            {
                at++;
            }
        }

        return source[start..at];
    }

    private static string Delimited(string source, ref int at, char quote, int line, int column)
    {
        var text = new StringBuilder();
        for (at++; at < source.Length; at++)
        {
            if (source[at] != quote)
            {
                text.Append(source[at]);
            }
            else if (At(source, at + 1) == quote)
            {
                text.Append(quote);
                at++;
            }
            else
            {
                at++;
                return text.ToString();
            }
        }

        throw new SqlSyntaxException($"line {line}:{column}: a quoted text is not closed");
    }

    private static int SkipBlank(string source, int at, ref int line, ref int lineStart)
    {
        while (at < source.Length)
        {
            if (char.IsWhiteSpace(source[at]))
            {
                if (source[at] == '\n')
                {
                    (line, lineStart) = (line + 1, at + 1);
                }

                at++;
            }
            else if (source[at] == '-' && At(source, at + 1) == '-')
            {
                while (at < source.Length && source[at] != '\n')
                {
                    at++;
                }
            }
            else if (source[at] == '/' && At(source, at + 1) == '*')
            {
                var end = source.IndexOf("*/", at + 2, StringComparison.Ordinal);
                end = end < 0 ? source.Length : end + 2;
                for (; at < end; at++)
                {
                    if (source[at] == '\n')
                    {
                        (line, lineStart) = (line + 1, at + 1);
                    }
                }
            }
            else
            {
                break;
            }
        }

        return at;
    }

    private static char At(string source, int at) => at < source.Length ? source[at] : '\0';
}
