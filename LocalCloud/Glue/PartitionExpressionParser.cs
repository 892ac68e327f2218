using System.Text;
using LocalCloud.Protocol;

namespace LocalCloud.Glue;

/// <summary>
/// Reads a <see cref="PartitionExpression"/> by recursive descent, from the loosest binding to the tightest:
/// OR, AND, NOT, then one comparison or a parenthesis.
/// </summary>
internal sealed class PartitionExpressionParser
{
    private readonly record struct Token(TokenKind Kind, string Text);

    private enum TokenKind { Word, QuotedName, Text, Number, Symbol, End }

    // A condition with what it demands of a string key, where that is an equality.
    private sealed record Condition(Func<IReadOnlyList<string>, bool?> Test, IReadOnlyDictionary<int, string> Demands)
    {
        public Condition(Func<IReadOnlyList<string>, bool?> test) : this(test, NoDemands)
        {
        }

        private static readonly Dictionary<int, string> NoDemands = [];
    }

    private readonly string _expression;
    private readonly IReadOnlyList<GlueColumn> _keys;
    private readonly List<Token> _tokens;
    private int _next;
    private int _depth;

    public PartitionExpressionParser(string expression, IReadOnlyList<GlueColumn> keys)
    {
        _expression = expression;
        _keys = keys;
        _tokens = Tokens();
    }

    public PartitionExpression Parse()
    {
        var condition = Or();
        if (_tokens[_next].Kind != TokenKind.End)
        {
            throw Unsupported();
        }

        var leading = Enumerable.Range(0, _keys.Count).TakeWhile(condition.Demands.ContainsKey).Select(key => condition.Demands[key]);
        return new PartitionExpression(condition.Test, [.. leading]);
    }

    private Condition Or()
    {
        var left = And();
        while (TakeWord("OR"))
        {
            var (a, b) = (left.Test, And().Test);
            left = new Condition(values => a(values) is var x && x == true ? true : b(values) is var y && y == true ? true : x is null || y is null ? null : false);
        }

        return left;
    }

    private Condition And()
    {
        var left = Not();
        while (TakeWord("AND"))
        {
            var right = Not();
            var (a, b) = (left.Test, right.Test);
            var demands = new Dictionary<int, string>(left.Demands);
            foreach (var (key, value) in right.Demands)
            {
                demands.TryAdd(key, value);
            }

            left = new Condition(
                values => a(values) is var x && x == false ? false : b(values) is var y && y == false ? false : x is null || y is null ? null : true,
                demands);
        }

        return left;
    }

    private Condition Not()
    {
        // Nobody nests this deep by hand, and the stack is finite.
        if (++_depth > 100)
        {
            throw Unsupported();
        }

        var condition = TakeWord("NOT") ? Negated(Not()) : Comparison();
        _depth--;
        return condition;
    }

    private static Condition Negated(Condition condition) => new(values => !condition.Test(values));

    private Condition Comparison()
    {
        if (TakeSymbol("("))
        {
            var inside = Or();
            ExpectSymbol(")");
            return inside;
        }

        var (key, type) = Key();
        if (TakeWord("IS"))
        {
            var negated = TakeWord("NOT");
            ExpectWord("NULL");
            return new Condition(values => PartitionValue.Read(values[key], type) is null != negated);
        }

        if (TakeWord("NOT"))
        {
            var test = Range(key, type) ?? throw Unsupported();
            return new Condition(values => !test(values));
        }

        return Range(key, type) is { } range ? new Condition(range) : Order(key, type);
    }

    // What may follow a key with or without NOT; null when it is none of these.
    private Func<IReadOnlyList<string>, bool?>? Range(int key, string? type)
    {
        if (TakeWord("BETWEEN"))
        {
            var low = Literal(type);
            ExpectWord("AND");
            var high = Literal(type);
            return values => PartitionValue.Read(values[key], type) is { } value
                ? value.CompareTo(low.Value) >= 0 && value.CompareTo(high.Value) <= 0
                : null;
        }

        if (TakeWord("IN"))
        {
            ExpectSymbol("(");
            var members = new List<IComparable>();
            do
            {
                members.Add(Literal(type).Value);
            }
            while (TakeSymbol(","));
            ExpectSymbol(")");
            return values => PartitionValue.Read(values[key], type) is { } value ? members.Exists(member => value.CompareTo(member) == 0) : null;
        }

        if (TakeWord("LIKE"))
        {
            if (!PartitionValue.IsText(type))
            {
                throw Invalid($"{type} data type doesn't support operation 'LIKE'");
            }

            var pattern = Literal(type).Text;
            return values => PartitionValue.Read(values[key], type) is null ? null : Like(values[key], pattern);
        }

        return null;
    }

    private Condition Order(int key, string? type)
    {
        var symbol = Take();
        if (symbol is not { Kind: TokenKind.Symbol, Text: "=" or "<>" or "<" or "<=" or ">" or ">=" })
        {
            throw Unsupported();
        }

        var (text, literal) = Literal(type);
        Func<int, bool> holds = symbol.Text switch
        {
            "=" => order => order == 0,
            "<>" => order => order != 0,
            "<" => order => order < 0,
            "<=" => order => order <= 0,
            ">" => order => order > 0,
            _ => order => order >= 0,
        };
        bool? Test(IReadOnlyList<string> values) => PartitionValue.Read(values[key], type) is { } value ? holds(value.CompareTo(literal)) : null;
        return symbol.Text == "=" && PartitionValue.IsText(type)
            ? new Condition(Test, new Dictionary<int, string> { [key] = text })
            : new Condition(Test);
    }

    private (int Index, string? Type) Key()
    {
        var token = Take();
        if (token.Kind is not (TokenKind.Word or TokenKind.QuotedName))
        {
            throw Unsupported();
        }

        for (var i = 0; i < _keys.Count; i++)
        {
            if (_keys[i].Name.Equals(token.Text, StringComparison.OrdinalIgnoreCase))
            {
                return (i, _keys[i].Type);
            }
        }

        throw Invalid($"Unknown column '{token.Text}'");
    }

    private (string Text, IComparable Value) Literal(string? type)
    {
        // DATE '2026-11-23' and TIMESTAMP '…' say what the key's type says already.
        if (_tokens[_next].Kind == TokenKind.Word && _tokens[_next + 1].Kind == TokenKind.Text)
        {
            _ = TakeWord("DATE") || TakeWord("TIMESTAMP");
        }

        var token = Take();
        if (token.Kind is not (TokenKind.Text or TokenKind.Number))
        {
            throw Unsupported();
        }

        return (token.Text, PartitionValue.Read(token.Text, type) ?? throw Invalid($"'{token.Text}' is not a valid value of type {type}"));
    }

    // % is any text, _ any one character. Keeps only the last % to come back to, so it is never more than quadratic.
    private static bool Like(string text, string pattern)
    {
        var (t, p, percent, retry) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '%')
            {
                (percent, retry) = (p++, t);
            }
            else if (p < pattern.Length && (pattern[p] == '_' || pattern[p] == text[t]))
            {
                (t, p) = (t + 1, p + 1);
            }
            else if (percent >= 0)
            {
                (p, t) = (percent + 1, ++retry);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).Trim('%').IsEmpty;
    }

    private Token Take() => _tokens[_next].Kind == TokenKind.End ? throw Unsupported() : _tokens[_next++];

    private bool TakeWord(string word) => TakeIf(token => token.Kind == TokenKind.Word && token.Text.Equals(word, StringComparison.OrdinalIgnoreCase));

    private bool TakeSymbol(string symbol) => TakeIf(token => token.Kind == TokenKind.Symbol && token.Text == symbol);

    private bool TakeIf(Predicate<Token> wanted)
    {
        if (!wanted(_tokens[_next]))
        {
            return false;
        }

        _next++;
        return true;
    }

    private void ExpectWord(string word)
    {
        if (!TakeWord(word))
        {
            throw Unsupported();
        }
    }

    private void ExpectSymbol(string symbol)
    {
        if (!TakeSymbol(symbol))
        {
            throw Unsupported();
        }
    }

    private List<Token> Tokens()
    {
        var tokens = new List<Token>();
        for (var i = 0; i < _expression.Length;)
        {
            var start = i;
            var c = _expression[i];
            if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (c is '\'' or '"' or '`')
            {
                tokens.Add(new Token(c == '\'' ? TokenKind.Text : TokenKind.QuotedName, Quoted(ref i)));
            }
            else if (char.IsAsciiLetter(c) || c == '_')
            {
                while (i < _expression.Length && (char.IsAsciiLetterOrDigit(_expression[i]) || _expression[i] == '_'))
                {
                    i++;
                }

                tokens.Add(new Token(TokenKind.Word, _expression[start..i]));
            }
            else if (char.IsAsciiDigit(c) || c is '-' or '.')
            {
                i++;
                while (i < _expression.Length && (char.IsAsciiDigit(_expression[i]) || _expression[i] == '.'))
                {
                    i++;
                }

                tokens.Add(new Token(TokenKind.Number, _expression[start..i]));
            }
            else
            {
                tokens.Add(new Token(TokenKind.Symbol, Symbol(ref i)));
            }
        }

        tokens.Add(new Token(TokenKind.End, ""));
        return tokens;
    }

    // The quote itself is written twice inside.
    private string Quoted(ref int i)
    {
        var quote = _expression[i++];
        var text = new StringBuilder();
        while (i < _expression.Length)
        {
            if (_expression[i] != quote)
            {
                text.Append(_expression[i++]);
            }
            else if (i + 1 < _expression.Length && _expression[i + 1] == quote)
            {
                text.Append(quote);
                i += 2;
            }
            else
            {
                i++;
                return text.ToString();
            }
        }

        throw Unsupported();
    }

    private string Symbol(ref int i)
    {
        var two = i + 1 < _expression.Length ? _expression.Substring(i, 2) : "";
        var length = two is "<>" or "<=" or ">=" ? 2 : _expression[i] is '=' or '<' or '>' or '(' or ')' or ',' ? 1 : throw Unsupported();
        i += length;
        return _expression.Substring(i - length, length);
    }

    private AwsException Unsupported() => Invalid($"Unsupported expression '{_expression}'");

    private static AwsException Invalid(string message) => new("InvalidInputException", message);
}
