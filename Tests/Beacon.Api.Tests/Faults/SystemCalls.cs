using System.Text.RegularExpressions;

namespace Beacon.Api.Tests.Faults;

/// <summary>One call of the kernel by the program.</summary>
/// <param name="Name">E.g. <c>fsync</c>.</param>
/// <param name="Text">Its arguments, with the paths of descriptors in angle brackets.</param>
/// <param name="Begun">Its place among everything that began or ended.</param>
/// <param name="Ended">The same of its end; never when it did not end.</param>
/// <param name="Succeeded">Whether it answered anything but an error.</param>
internal sealed record SystemCall(string Name, string Text, int Begun, int Ended, bool Succeeded);

/// <summary>Reads what strace wrote with <c>-f -y</c>: one line a call, two where another thread's came between.</summary>
internal static partial class SystemCalls
{
    public static List<SystemCall> Read(string path)
    {
        var calls = new List<SystemCall>();
        var unfinished = new Dictionary<string, (string Name, string Text, int Begun)>();
        var at = 0;
        foreach (var line in File.ReadLines(path))
        {
            at++;
            if (Resumed().Match(line) is { Success: true } resumed && unfinished.Remove(resumed.Groups["thread"].Value, out var open))
            {
                calls.Add(new SystemCall(open.Name, open.Text + resumed.Groups["rest"].Value, open.Begun, at, !resumed.Groups["result"].Value.StartsWith('-')));
            }
            else if (Unfinished().Match(line) is { Success: true } begun)
            {
                unfinished[begun.Groups["thread"].Value] = (begun.Groups["name"].Value, begun.Groups["text"].Value, at);
            }
            else if (Whole().Match(line) is { Success: true } whole)
            {
                calls.Add(new SystemCall(whole.Groups["name"].Value, whole.Groups["text"].Value, at, at, !whole.Groups["result"].Value.StartsWith('-')));
            }
        }

        calls.AddRange(unfinished.Values.Select(open => new SystemCall(open.Name, open.Text, open.Begun, int.MaxValue, false)));
        return [.. calls.OrderBy(call => call.Begun)];
    }

    [GeneratedRegex(@"^(?<thread>\d+)\s+<\.\.\. \w+ resumed>(?<rest>.*)\)\s+= (?<result>\S+)")]
    private static partial Regex Resumed();

    [GeneratedRegex(@"^(?<thread>\d+)\s+(?<name>\w+)\((?<text>.*)<unfinished \.\.\.>$")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^(?<thread>\d+)\s+(?<name>\w+)\((?<text>.*)\)\s+= (?<result>\S+)")]
    private static partial Regex Whole();
}
