using Microsoft.Extensions.Options;

namespace Beacon.Api.Delivery;

/// <summary>How the journal's events are passed on to Firehose.</summary>
public sealed class DeliveryOptions
{
    public const string Section = "Delivery";

    /// <summary>
    /// The longest an event waits for others to share a put with; full batches go at once. Default 1 s in Development,
    /// 60 s elsewhere (fewer, fuller records cost less: Firehose bills each one in steps of 5 KB). 1 ms to 15 min.
    /// </summary>
    public TimeSpan DeliverEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a stopping beacon goes on delivering; what is left stays in the journal for the next start. The host is
    /// given this and ten seconds to stop. Default 20 s, up to 15 min.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How many batches, of up to 4 MiB each, may be on their way at once. Default 4, 1 to 64.</summary>
    public int MaxInFlight { get; set; } = 4;

    /// <summary>When a put that is not answered counts as failed, to be sent again. Default 30 s, 100 ms to 5 min.</summary>
    public TimeSpan PutTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The waits before a failed put is sent again: see <see cref="BackOff"/>. Default 200 ms, growing to 30 s.</summary>
    public TimeSpan RetryBase { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait before a failed put is sent again. Default 30 s, at least <see cref="RetryBase"/>.</summary>
    public TimeSpan RetryCap { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Checks the settings at the start; by hand, because a generated check does not name the section.</summary>
internal sealed class DeliveryOptionsValidator : IValidateOptions<DeliveryOptions>
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan QuarterHour = TimeSpan.FromMinutes(15);

    public ValidateOptionsResult Validate(string? name, DeliveryOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        Within(options.DeliverEvery, Millisecond, QuarterHour, nameof(options.DeliverEvery));
        Within(options.DrainTimeout, TimeSpan.Zero, QuarterHour, nameof(options.DrainTimeout));
        Within(options.PutTimeout, 100 * Millisecond, TimeSpan.FromMinutes(5), nameof(options.PutTimeout));
        Within(options.RetryBase, Millisecond, TimeSpan.FromMinutes(1), nameof(options.RetryBase));
        Within(options.RetryCap, Millisecond, QuarterHour, nameof(options.RetryCap));
        if (options.RetryCap < options.RetryBase)
        {
            problems.AddError("Delivery:RetryCap must not be shorter than Delivery:RetryBase.");
        }

        if (options.MaxInFlight is < 1 or > 64)
        {
            problems.AddError("Delivery:MaxInFlight must be from 1 to 64.");
        }

        return problems.Build();

        void Within(TimeSpan value, TimeSpan least, TimeSpan most, string setting)
        {
            if (value < least || value > most)
            {
                problems.AddError($"Delivery:{setting} must be from {least:c} to {most:c}.");
            }
        }
    }
}
