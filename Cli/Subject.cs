using System.CommandLine;
using System.CommandLine.Parsing;

namespace Cli;

/// <summary>The options that say whose events are meant: exactly one of three.</summary>
public sealed class Subject
{
    private readonly Option<string?> _userId = new("--user-id") { Description = "The site's own id of the person" };
    private readonly Option<string?> _visitorId = new("--visitor-id") { Description = "The pseudonym of the visitor, which is of one day" };
    private readonly Option<string?> _thirdParty = new("--third-party") { Description = "The site or partner that carries the pixel" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_userId);
        command.Add(_visitorId);
        command.Add(_thirdParty);
    }

    /// <summary>Who was named: the column of events, the member of a request to the worker, and the value; null when nobody or several were.</summary>
    public (string Column, string Member, string Value)? Of(SymbolResult result) => Of(result.GetValue);

    /// <inheritdoc cref="Of(SymbolResult)"/>
    public (string Column, string Member, string Value)? Of(ParseResult result) => Of(result.GetValue);

    private (string Column, string Member, string Value)? Of(Func<Option<string?>, string?> value)
    {
        var named = new (string Column, string Member, string? Value)[]
        {
            ("user_id", "userId", value(_userId)), ("visitor_id", "visitorId", value(_visitorId)), ("third_party", "thirdParty", value(_thirdParty)),
        }.Where(n => !string.IsNullOrEmpty(n.Value)).ToList();
        return named is [(var column, var member, { } only)] ? (column, member, only) : null;
    }
}
