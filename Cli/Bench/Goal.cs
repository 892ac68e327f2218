using System.Globalization;

namespace Cli.Bench;

/// <summary>A number that was promised, and what came of it.</summary>
/// <param name="Name">What is compared.</param>
/// <param name="Wanted">The limit.</param>
/// <param name="AtLeast">Whether more is better.</param>
/// <param name="Measured">What was measured.</param>
/// <param name="Unit">Stands after the numbers; empty for a ratio.</param>
internal sealed record Goal(string Name, double Wanted, bool AtLeast, double Measured, string Unit = "")
{
    public bool IsMet => AtLeast ? Measured >= Wanted : Measured <= Wanted;

    public string WantedText => $"{(AtLeast ? "at least" : "at most")} {Number(Wanted)}";

    public string MeasuredText => Number(Measured);

    private string Number(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.###}{(Unit.Length > 0 ? " " : "")}{Unit}");
}
