using Beacon.Api.Delivery;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Api.Tests.Delivery;

public sealed class PutGateTests
{
    private static readonly PutFailure Failure = new("InternalFailure", "", Throttled: false, MayHaveArrived: false);
    private static readonly PutFailure Throttling = Failure with { Throttled = true };

    private readonly FakeTimeProvider _time = new();
    private readonly PutGate _gate;

    // The longest wait of those that may be drawn.
    public PutGateTests() =>
        _gate = new PutGate(new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), () => 1), _time);

    [Fact]
    public void After_a_failure_nobody_passes_until_one_probe_may()
    {
        Fail(_gate.Enter());
        Assert.Equal(Pass.None, _gate.Enter());

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Pass.Probe, _gate.Enter());
        Assert.Equal(Pass.None, _gate.Enter());
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(Pass.None, _gate.Enter());
    }

    [Fact]
    public void A_probe_that_succeeds_opens_it_and_one_that_fails_shuts_it_for_longer()
    {
        Fail(_gate.Enter());
        _time.Advance(TimeSpan.FromSeconds(1));
        Fail(_gate.Enter());

        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(Pass.None, _gate.Enter());
        _time.Advance(TimeSpan.FromSeconds(0.1));
        _gate.Ended(_gate.Enter(), null);

        Assert.Equal((Pass.Free, false), (_gate.Enter(), _gate.IsShut));
    }

    [Fact]
    public void Puts_that_were_on_their_way_when_it_shut_do_not_shut_it_for_longer()
    {
        var passes = Enumerable.Range(0, 10).Select(_ => _gate.Enter()).ToList();
        passes.ForEach(Fail);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Pass.Probe, _gate.Enter());
    }

    [Fact]
    public void A_put_that_was_on_its_way_when_it_shut_opens_it_when_it_is_taken()
    {
        var (failing, other) = (_gate.Enter(), _gate.Enter());
        Fail(failing);
        _gate.Ended(other, null);

        Assert.Equal(Pass.Free, _gate.Enter());
    }

    [Fact]
    public void Throttling_shuts_it_for_longer_at_once()
    {
        _gate.Ended(_gate.Enter(), Throttling);

        _time.Advance(TimeSpan.FromSeconds(7.9));
        Assert.Equal(Pass.None, _gate.Enter());
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(Pass.Probe, _gate.Enter());
    }

    private void Fail(Pass pass) => _gate.Ended(pass, Failure);
}
