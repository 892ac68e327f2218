using Amazon.Runtime;
using Beacon.Api.Delivery;

namespace Beacon.Api.Identity;

/// <summary>What STS gave: keys, and when they end.</summary>
internal readonly record struct SessionKeys(ImmutableCredentials Keys, DateTimeOffset Expires);

// The SDK has such keys as well, and gets them when a call needs them: on the way of a request, and, while an answer of STS
// is read, by blocking the thread that it came in on, which may be one that answers requests (docs/decisions/0012).
//
// Here a timer gets new ones when two thirds of the life of the old ones are over. The last third is for an outage of STS,
// which nobody notices as long as it is shorter. Whoever signs takes what is there and never waits in the SDK; ReadyAsync is
// where a put waits, with its own time-out, and only when there is nothing to sign with: at the start, after a long outage, and
// in a Lambda function, which is frozen between requests, timers included, and may wake up with keys that have ended.
//
// One renewal at a time. After one that failed the next waits (BackOff), and whoever asks meanwhile is told why at once.

/// <summary>Temporary keys of STS, held in memory and renewed behind the requests.</summary>
internal sealed partial class RenewedCredentials : AWSCredentials, IDisposable
{
    /// <summary>
    /// How long keys are asked for: the most that STS gives a role that another role assumes, which is what a beacon in AWS is
    /// ("role chaining": IAM User Guide, "Methods to assume a role").
    /// </summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <summary>When a renewal that is not answered counts as failed.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Keys that are younger were not refused for their age, or there is something wrong that newer ones do not mend.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly string _what;
    private readonly Func<CancellationToken, Task<SessionKeys>> _ask;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _ended = new();
    private Held? _held;

    // Guarded by _gate.
    private readonly Lock _gate = new();
    private readonly BackOff _backOff;
    private Task<string?>? _renewal;
    private string? _failure;
    private long _failedAt; // the clock's timestamp
    private TimeSpan _wait;

    /// <param name="what">What they are, for the log, such as <c>keys of the role …</c>.</param>
    /// <param name="ask">Asks STS for new ones.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">From 0 to 1, for the waits after failures.</param>
    /// <param name="logger">Is told of failures.</param>
    public RenewedCredentials(string what, Func<CancellationToken, Task<SessionKeys>> ask, TimeProvider time, Func<double> random, ILogger logger)
    {
        _what = what;
        _ask = ask;
        _time = time;
        _logger = logger;
        _backOff = new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), random);
        _timer = time.CreateTimer(_ => Renew(evenIfJustFailed: true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public override DateTime? Expiration => Volatile.Read(ref _held)?.Expires.UtcDateTime;

    /// <summary>Begins to get the first ones; nobody waits for them.</summary>
    public void Begin() => Renew(evenIfJustFailed: false);

    /// <summary>Completes when there are keys to sign with: at once, but for the cases above.</summary>
    /// <exception cref="CredentialsUnavailableException">STS gave none; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public ValueTask ReadyAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (Volatile.Read(ref _held) is not { } held || held.Expires <= now)
        {
            return new ValueTask(WaitAsync(Renew(evenIfJustFailed: false), cancellationToken));
        }

        if (held.RenewAt <= now)
        {
            Renew(evenIfJustFailed: false);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Says that AWS took the keys for expired: by its clock, not by this machine's, they are.</summary>
    public void Distrust()
    {
        if (Volatile.Read(ref _held) is { } held && _time.GetUtcNow() - held.Since > Fresh)
        {
            Interlocked.CompareExchange(ref _held, null, held);
        }
    }

    /// <summary>What there is; never waits.</summary>
    /// <exception cref="CredentialsUnavailableException">Nothing, or what has ended.</exception>
    public override ImmutableCredentials GetCredentials() =>
        Volatile.Read(ref _held) is { } held && held.Expires > _time.GetUtcNow()
            ? held.Keys
            : throw new CredentialsUnavailableException($"There are no {_what} yet.");

    /// <inheritdoc cref="GetCredentials"/>
    public override Task<ImmutableCredentials> GetCredentialsAsync() => Task.FromResult(GetCredentials());

    public void Dispose()
    {
        _timer.Dispose();
        _ended.Cancel(); // not disposed of: a renewal may still look at it
    }

    private async Task WaitAsync(Task<string?> renewal, CancellationToken cancellationToken)
    {
        if (await renewal.WaitAsync(cancellationToken) is { } failure)
        {
            throw new CredentialsUnavailableException(failure);
        }
    }

    /// <returns>Null in the end, or why there are no new ones.</returns>
    private Task<string?> Renew(bool evenIfJustFailed)
    {
        lock (_gate)
        {
            if (_renewal is { IsCompleted: false } running)
            {
                return running;
            }

            return _failure is { } failure && !evenIfJustFailed && _time.GetElapsedTime(_failedAt) < _wait
                ? Task.FromResult<string?>(failure)
                : _renewal = Task.Run(RenewAsync);
        }
    }

    private async Task<string?> RenewAsync()
    {
        var failure = await TryAsync();
        TimeSpan next;
        lock (_gate)
        {
            if (failure is null)
            {
                _backOff.Succeeded();
                next = _held is { } held ? held.RenewAt - _time.GetUtcNow() : TimeSpan.Zero;
            }
            else
            {
                _failedAt = _time.GetTimestamp();
                next = _wait = _backOff.Failed(failure.Throttled);
            }

            (var hadFailed, _failure) = (_failure is not null, failure is null ? null : $"{failure.Code}: {failure.Message}");
            if (_failure is not null && !_ended.IsCancellationRequested)
            {
                LogFailed(_what, _failure, next);
            }
            else if (hadFailed)
            {
                LogWorksAgain(_what);
            }
        }

        // Does nothing after the end.
        _timer.Change(next > TimeSpan.Zero ? next : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return _failure;
    }

    private async Task<PutFailure?> TryAsync()
    {
        using var expiry = new CancellationTokenSource(AnswerTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, _ended.Token);
        try
        {
            var (keys, expires) = await _ask(either.Token);
            var now = _time.GetUtcNow();
            if (expires <= now)
            {
                return new PutFailure("Expired", $"what STS gave ended at {expires:u}, and here it is {now:u}", Throttled: false, MayHaveArrived: false);
            }

            Volatile.Write(ref _held, new Held(keys, now, now + ((expires - now) * 2 / 3), expires));
            return null;
        }
        catch (Exception exception)
        {
            // Everything, whatever it is: the old keys may still be good, and the next try may fare better.
            return expiry.IsCancellationRequested ? PutFailure.NoAnswer(AnswerTimeout) : PutFailure.Of(exception);
        }
    }

    [LoggerMessage(LogLevel.Error, "There are no new {What}; the next try is in {Wait}: {Reason}")]
    private partial void LogFailed(string what, string reason, TimeSpan wait);

    [LoggerMessage(LogLevel.Information, "There are new {What} again.")]
    private partial void LogWorksAgain(string what);

    private sealed record Held(ImmutableCredentials Keys, DateTimeOffset Since, DateTimeOffset RenewAt, DateTimeOffset Expires);
}
