using System.CommandLine;
using System.Globalization;
using System.Net;
using Spectre.Console;

namespace Cli.Demo;

/// <summary><c>demo</c>: realistic traffic to the running beacon.</summary>
public static class DemoCommand
{
    public static Command Create(Terminal terminal)
    {
        var events = new Option<int>("--events") { Description = "How many events to send", DefaultValueFactory = _ => 1_000 };
        var rate = new Option<double?>("--rate") { Description = "Events a second; without it, as fast as they are answered" };
        var port = new Option<int>("--port") { Description = "The port of the pixel on this machine", DefaultValueFactory = _ => 8080 };
        var seed = new Option<int?>("--seed") { Description = "The same seed sends the same events again" };
        var url = new Option<Uri?>("--url")
        {
            Description = "The address of another pixel, in place of the one on this machine; ask its owner first",
            CustomParser = result => Uri.TryCreate(result.Tokens.Single().Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : Refuse(result),
        };
        events.Validators.Add(MoreThanZero);
        rate.Validators.Add(MoreThanZero);
        var command = new Command("demo", "Send realistic traffic to the running system.") { events, rate, port, seed, url };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetValue(url) ?? new Uri($"http://127.0.0.1:{parsed.GetValue(port)}/trackingpixel"),
            new Traffic(parsed.GetValue(seed) ?? Random.Shared.Next(), parsed.GetValue(events)),
            parsed.GetValue(events), parsed.GetValue(rate), terminal, cancel));
        return command;

        static Uri? Refuse(System.CommandLine.Parsing.ArgumentResult result)
        {
            result.AddError($"--url takes an address such as https://pixel.example.com/trackingpixel, not {result.Tokens.Single().Value}.");
            return null;
        }

        // What is no number at all is complained of by the option itself.
        static void MoreThanZero(System.CommandLine.Parsing.OptionResult result)
        {
            if (double.TryParse(result.Tokens.SingleOrDefault()?.Value, CultureInfo.InvariantCulture, out var given) && given <= 0)
            {
                result.AddError($"{result.Option.Name} must be more than zero.");
            }
        }
    }

    private static async Task<int> RunAsync(Uri target, Traffic traffic, int events, double? rate, Terminal terminal, CancellationToken cancel)
    {
        await RunningSystem.MustAnswerAsync(target, cancel);
        var sender = new PixelSender(target, TimeProvider.System);
        var summary = terminal.ErrorIsScreen
            ? await WithBarAsync(terminal.ErrorConsole, events, step => sender.SendAsync(traffic.Requests(), rate, step, cancel))
            : await sender.SendAsync(traffic.Requests(), rate, WithLines(terminal, events), cancel);
        return Report(summary, events, terminal);
    }

    private static Task<SendSummary> WithBarAsync(IAnsiConsole console, int events, Func<Action<PixelRequest, HttpStatusCode?>, Task<SendSummary>> send) =>
        console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var task = progress.AddTask("Sending", maxValue: events);
                return await send((_, _) => task.Increment(1));
            });

    private static Action<PixelRequest, HttpStatusCode?> WithLines(Terminal terminal, int events)
    {
        var sent = 0;
        var step = Math.Max(1, events / 10);
        return (_, _) =>
        {
            var now = Interlocked.Increment(ref sent);
            if (now % step == 0)
            {
                terminal.Remark($"{now} of {events} sent");
            }
        };
    }

    private static int Report(SendSummary summary, int events, Terminal terminal)
    {
        var sent = summary.Kept + summary.Other;
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{sent} sent in {summary.Duration.TotalSeconds:0.0} s ({sent / Math.Max(summary.Duration.TotalSeconds, 0.001):0} a second): {summary.Kept} answered 200, {summary.Other} otherwise"));
        foreach (var (status, count) in summary.Answers.Where(answer => answer.Key != HttpStatusCode.OK).OrderBy(answer => answer.Key))
        {
            terminal.Out.WriteLine($"  {count} answered {(int)status} {status}");
        }

        if (summary.Unanswered > 0)
        {
            terminal.Out.WriteLine($"  {summary.Unanswered} not answered");
        }

        if (sent < events)
        {
            throw new CommandFailure($"The pixel stopped answering: {events - sent} of {events} events were not sent.");
        }

        terminal.Out.WriteLine("""

            They can be queried within a minute or two (`dotnet pixel.cs flush` makes it now):
              dotnet pixel.cs query "SELECT third_party, event_name, count(*) AS events FROM events GROUP BY 1, 2 ORDER BY 3 DESC"
            """);
        return summary.Other == 0 ? 0 : 1;
    }
}
