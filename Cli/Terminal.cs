using System.Globalization;
using Spectre.Console;

namespace Cli;

/// <summary>
/// Where a command writes. Results go to <see cref="Out"/>, which may be a file; progress and complaints go to
/// <see cref="Error"/>, and move or have colours only where a person sees them.
/// </summary>
/// <param name="Out">What was asked for.</param>
/// <param name="Error">What is said about it.</param>
/// <param name="OutIsScreen">Whether <paramref name="Out"/> is a terminal.</param>
/// <param name="ErrorIsScreen">Whether <paramref name="Error"/> is a terminal.</param>
public sealed record Terminal(TextWriter Out, TextWriter Error, bool OutIsScreen, bool ErrorIsScreen)
{
    // Nothing is wrapped where no screen has a width.
    private const int Unlimited = 10_000;

    /// <summary>The process's own streams.</summary>
    public static Terminal Current() => new(Console.Out, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected);

    /// <summary>For tables.</summary>
    public IAnsiConsole OutConsole => Create(Out, OutIsScreen);

    /// <summary>For progress bars and spinners.</summary>
    public IAnsiConsole ErrorConsole => Create(Error, ErrorIsScreen);

    /// <summary>Says what went wrong: one sentence, red on a screen.</summary>
    public void Complain(string sentence) => ErrorConsole.Write(new Text(sentence + Environment.NewLine, new Style(Color.Red)));

    /// <summary>A remark that is not part of the result.</summary>
    public void Remark(FormattableString sentence) => Error.WriteLine(sentence.ToString(CultureInfo.InvariantCulture));

    private static IAnsiConsole Create(TextWriter writer, bool isScreen)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isScreen ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isScreen ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isScreen ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isScreen)
        {
            console.Profile.Width = Unlimited;
        }

        return console;
    }
}
